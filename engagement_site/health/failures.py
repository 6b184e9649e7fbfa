"""What is answered when answering failed: 503 when the database cannot do it now, 500 for a fault of ours.

Django calls `failed` for whatever no view caught, in middleware too, and logs it with its traceback.
"""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.api import errors
from core.db.unavailable import RETRY_AFTER, is_unavailable
from engagement_site.logs import ids

MACHINE_DOORS = ("/api/", "/v1/", "/hooks/", "/mail-events/", "/health/", "/metrics")


def failed(request: HttpRequest) -> HttpResponse:
    return unavailable(request) if is_unavailable(sys.exception()) else ids.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Ask to come again soon: in JSON at the doors of programs, on a page elsewhere. Needs no database."""
    answer: HttpResponse
    if request.path.startswith(MACHINE_DOORS):
        message = _("The database does not answer. Nothing was changed; try again.")
        answer = JsonResponse(errors.body("try_again", message, request), status=503)
    else:
        page = render_to_string("503.html", {"request_id": ids.request_id()})
        answer = HttpResponse(page, status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    answer["Cache-Control"] = "no-store"
    return answer
