"""`Idempotency-Key` on writes: sent again within a day, the same request gets the same answer and changes nothing."""

import json
from collections.abc import Callable
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import stored_answers
from core.api.asker import asker
from core.api.refusals import KeyReused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255  # characters

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """Wrap a view's handler of a write: done once for each key, in the transaction of the write.

    An answer that is an error rolls back, and is not remembered: sent again, the request is tried again.
    """

    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, *args, **kwargs)
        if not key.strip() or len(key) > LONGEST:
            raise ParseError(_("An Idempotency-Key has 1 to 255 characters."), "bad_idempotency_key")
        # The row of the answer is locked from here to the commit: a second request with the key waits for it.
        with transaction.atomic():
            return _answer_once(key, handler, request, *args, **kwargs)

    return answer


def _answer_once(key: str, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
    who = asker(request)
    try:
        before = stored_answers.claim(who, key, _digestible(request), now=timezone.now())
    except stored_answers.OtherRequest:
        raise KeyReused(_("This Idempotency-Key was used for another request. Make a new one.")) from None
    if before is not None:
        return Response(json.loads(before.body), before.status, headers={REPLAYED: "true"})
    response = handler(request, *args, **kwargs)
    kept = getattr(response, "kept", response.data)  # without what is shown once, such as personal links
    stored_answers.keep(who, key, response.status_code, JSONRenderer().render(kept).decode() or "null")
    return response


def _digestible(request: Request) -> bytes:
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return b"\n".join([str(request.method).encode(), request.get_full_path().encode(), body])
