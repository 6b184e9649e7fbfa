"""The ingestion endpoints: 200 means committed, errors are what SDKs understand, never a redirect or 5xx."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from events import ingest, write_keys
from events.wire import body
from events.wire.body import Unreadable

logger = logging.getLogger(__name__)
RETRY_AFTER = 5  # seconds


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Ingest(View):
    """POST of Segment's batch, track, page, screen, identify, group and alias."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str) -> JsonResponse:
        answer = self._answer(request, kind)
        # These may be answered before the body was read.
        if answer.status_code in (401, 413):
            body.discard(request)
        return answer

    def _answer(self, request: HttpRequest, kind: str) -> JsonResponse:
        try:
            return self._record(request, kind)
        except Unreadable as error:
            return refusal(error.status, error.code, str(error))
        except (OperationalError, InterfaceError):
            logger.exception("Events could not be stored")
            answer = refusal(503, "try_again", "The database does not answer. Nothing was stored; send it again.")
            answer["Retry-After"] = str(RETRY_AFTER)
            return answer

    def _record(self, request: HttpRequest, kind: str) -> JsonResponse:
        now = timezone.now()
        source = None
        if key := write_keys.from_header(request):
            source = write_keys.source_of(key, now=now)
            if source is None:
                return unknown_key()
        read = body.parse(body.read(request), kind)
        # After the body is parsed: some SDKs put the key into it.
        source = source or write_keys.source_of(write_keys.from_body(request, read), now=now)
        if source is None:
            return unknown_key()
        envelope = {"sentAt": request.headers.get("SentAt"), **read.envelope}
        ingest.record(read.messages, source=source, now=now, envelope=envelope)
        return JsonResponse({"success": True})

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
        answer = refusal(405, "method_not_allowed", "Send a POST.")
        answer["Allow"] = "POST"
        return answer


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class NoSuchAddress(View):
    """404 in a shape that SDKs understand, where the site's own would be a page."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
        body.discard(request)
        return refusal(404, "not_found", "There is no such address. Events go to /v1/batch, /v1/track and their like.")


def unknown_key() -> JsonResponse:
    return refusal(401, "unknown_write_key", "No live write key. Send it as the user name of Basic authorization.")


def refusal(status: int, code: str, message: str) -> JsonResponse:
    """Answer an error; RudderStack's Python SDK resends for ever without `code` and `message`."""
    return JsonResponse({"code": code, "message": message}, status=status)
