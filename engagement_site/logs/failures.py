from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from engagement_site.logs import about


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer an unhandled error with the number under which the log tells what happened. Needs no database."""
    return HttpResponse(render_to_string("500.html", {"request_id": about.request_id()}), status=500)
