"""The inbound webhook for answers. 200 means: each was taken, or is kept with the reason why not."""

import logging
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from core.api.parsing import MOST as MOST_BYTES
from core.db.unavailable import is_unavailable
from surveys.answering import webhooks
from surveys.api import incoming
from surveys.api.answers import taken_answers
from surveys.models import Hook
from surveys.views import hook_rows

logger = logging.getLogger(__name__)
RETRY_AFTER = 5  # seconds


class Unreadable(Exception):
    """The body as a whole cannot be taken: (HTTP status, code, what to do)."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


# The signature is the authority: another tool has neither a session nor a form's token.
@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class InboundWebhook(View):
    """POST of `{"answers": [...]}`, signed by the Standard Webhooks specification."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str) -> JsonResponse:
        try:
            answer = self._take(request, slug)
        except Unreadable as error:
            answer = _refusal(error.status, error.code, str(error))
        except (DatabaseError, InterfaceError) as error:
            if not is_unavailable(error):
                raise
            logger.exception("Answers could not be stored")
            # Not 500: a 503 with Retry-After makes the sender keep the delivery and try again.
            answer = _refusal(503, "try_again", _("The database does not answer. Nothing was changed; try again."))
            answer["Retry-After"] = str(RETRY_AFTER)
        answer["Cache-Control"] = "no-store"
        return answer

    def _take(self, request: HttpRequest, slug: str) -> JsonResponse:
        now = timezone.now()
        raw, hook = _read(request), webhooks.find(slug)
        if hook is None or not webhooks.is_signed(hook, raw, request.headers, now=now):
            # One answer for both, so that nobody can find out which addresses exist.
            raise Unreadable(401, "bad_signature", _("There is no such webhook, or the signature does not match."))
        # Parsed only once the signature holds: strangers cost no parsing.
        rows = _rows(raw)
        Hook.objects.filter(pk=hook.pk).update(used_at=now)
        # The id of a delivery is the same when it is retried (Standard Webhooks), so its answers get the same names.
        named = [hook_rows.named(row, f"{request.headers['webhook-id']}:{i}", now) for i, row in enumerate(rows)]
        taken = hook_rows.take(hook, named, now=now)
        # After the answers are stored, in a transaction of its own: a crash between leaves the delivery without a 200,
        # and its retry changes nothing of the answers and keeps the refused ones.
        hook_rows.keep(hook, named, taken, now=now)
        return JsonResponse(taken_answers(named, taken))

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
        answer = _refusal(405, "method_not_allowed", _("Send a POST."))
        answer["Allow"] = "POST"
        return answer


def _read(request: HttpRequest) -> bytes:
    """Raises Unreadable."""
    try:
        # Not `request.body`, which would hold up to Django's own larger limit in memory and answer beyond it in HTML.
        raw = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        raise Unreadable(400, "invalid_body", _("The body ends before its announced length.")) from None
    if len(raw) > MOST_BYTES:
        raise Unreadable(413, "too_large", _("The body is larger than 1 MB."))
    return raw


def _rows(raw: bytes) -> list[Any]:
    """Raises Unreadable."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Unreadable(400, "invalid_json", _("The body is not valid JSON.")) from None
    rows = body.get("answers") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= incoming.MOST:
        problem = _("The body must be a JSON object with 1 to %(n)s answers in a list named “answers”.")
        raise Unreadable(400, "invalid", problem % {"n": incoming.MOST})
    return rows


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, "errors": []}, status=status)
