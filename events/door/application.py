"""The callable of ASGI that takes events: 200 means committed, errors are what SDKs understand, never a redirect."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import Error as DatabaseProblem
from django.utils import timezone

from core.web import bodies
from core.web.bodies import Budget, Crowded, Gone, Patience, Receive, Send, TooLarge, TooSlow
from events import ingest, write_keys
from events.door import keys
from events.ingest import Parcel
from events.wire import body
from events.wire.body import Unreadable

logger = logging.getLogger(__name__)
RETRY_AFTER = b"5"  # seconds
MOST_HELD = 64 * 1024 * 1024  # bytes of bodies that arrived and are not answered yet
PATIENCE = Patience()
_KIND = re.compile(r"/v1/(batch|track|page|screen|identify|group|alias)/?")
_SUCCESS = b'{"success": true}'
_NOWHERE = "There is no such address. Events go to /v1/batch, /v1/track and their like."
_JSON = (b"content-type", b"application/json")

Commit = Callable[[Parcel, datetime], Awaitable[None]]


@dataclass(slots=True)
class Answer:
    """What goes back: the status, the body, and headers besides the usual ones."""

    status: int
    body: bytes = _SUCCESS
    headers: tuple[tuple[bytes, bytes], ...] = ()
    kind: str = "nowhere"  # of the request, for counting


class Door:
    """Answers everything below /v1/: messages are read and checked here, and committed by `commit`."""

    def __init__(self, known: keys.Keys, commit: Commit) -> None:
        self._keys, self._commit = known, commit
        self._budget = Budget(MOST_HELD)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> Answer:
        """Answer a request; returns what was answered."""
        answer = await self._answer(scope, bodies.ending(receive))
        await bodies.answer(send, answer.status, [_JSON, *answer.headers], answer.body)
        return answer

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> Answer:
        match = _KIND.fullmatch(scope["path"])
        if match is None:
            await _drop(receive)
            return refusal(404, "not_found", _NOWHERE)
        kind = match[1]
        if scope["method"] != "POST":
            await _drop(receive)
            return refusal(405, "method_not_allowed", "Send a POST.", (b"allow", b"POST"), kind=kind)
        try:
            await self._take(kind, scope, receive)
        except Unreadable as error:
            # These may be answered before the body was read.
            if error.status in (401, 413) and not await _drop(receive):
                return refusal(error.status, error.code, str(error), _CLOSE, kind=kind)
            return refusal(error.status, error.code, str(error), kind=kind)
        except TooSlow:
            return refusal(408, "too_slow", "The body came too slowly. Send it again.", _CLOSE, kind=kind)
        except Gone:
            return refusal(400, "invalid_body", "The body ends before the length it was announced with.", kind=kind)
        except Crowded:
            return _later("More is arriving than can be stored at the moment. Nothing was stored; send it again.", kind)
        except DatabaseProblem as error:
            # One line, no traceback: a lock that many wait for would fill the log.
            logger.error("Events could not be stored: %s", str(error).partition("\n")[0])
            return _later("The database does not answer. Nothing was stored; send it again.", kind)
        except Exception:
            # In JSON as well: the server's own answer would have RudderStack's Python SDK send it again for ever.
            logger.exception("A fault of ours: events could not be taken")
            return refusal(500, "internal_error", "A fault in Rapport; its log says more. Send it again.", kind=kind)
        return Answer(200, kind=kind)

    async def _take(self, kind: str, scope: Mapping[str, Any], receive: Receive) -> None:
        """Store what the request brings. Raises Unreadable, what bodies raise, and what storing raises."""
        now, headers = timezone.now(), dict(scope["headers"])
        if b"transfer-encoding" in headers and b"content-length" in headers:
            raise Unreadable(400, "invalid_body", "Send either Content-Length or Transfer-Encoding, not both.")
        source = None
        if key := write_keys.from_authorization(headers.get(b"authorization", b"").decode("latin-1")):
            source = await self._keys.source_of(key)
            if source is None:
                raise _unknown_key()
        raw = await self._read(headers, receive)
        try:
            read = body.parse(body.inflated(raw, headers.get(b"content-encoding", b"")), kind)
            # After the body is parsed: some SDKs put the key into it.
            source = source or await self._keys.source_of(keys.from_body(scope["query_string"], read))
            if source is None:
                raise _unknown_key()
            sent_at = headers.get(b"sentat", b"").decode("latin-1") or None
            envelope = {"sentAt": sent_at, **read.envelope}
            parcel = ingest.read(read.messages, source=source, received_at=now, envelope=envelope)
            await self._commit(parcel, now)
        finally:
            self._budget.give_back(len(raw))

    async def _read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        stated = headers.get(b"content-length", b"0")
        if stated.isdigit() and int(stated) > body.MAX_COMPRESSED:
            raise body.too_large()
        try:
            return await bodies.read(receive, most=body.MAX_COMPRESSED, patience=PATIENCE, budget=self._budget)
        except TooLarge:
            raise body.too_large() from None


_CLOSE = (b"connection", b"close")


def _unknown_key() -> Unreadable:
    return Unreadable(401, "unknown_write_key", "No live write key. Send it as the user name of Basic authorization.")


async def _drop(receive: Receive) -> bool:
    return await bodies.discard(receive, most=body.MAX_DISCARDED, patience=PATIENCE)


def _later(message: str, kind: str) -> Answer:
    return refusal(503, "try_again", message, (b"retry-after", RETRY_AFTER), kind=kind)


def refusal(status: int, code: str, message: str, *headers: tuple[bytes, bytes], kind: str = "nowhere") -> Answer:
    """Answer an error; RudderStack's Python SDK resends for ever without `code` and `message`."""
    return Answer(status, orjson.dumps({"code": code, "message": message}), headers, kind)
