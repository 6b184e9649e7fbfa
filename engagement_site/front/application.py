"""The front: one callable of ASGI, which hands each request to whoever answers it."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.http.request import split_domain_port, validate_host

from core.web import bodies
from core.web.bodies import Crowded, Gone, Headers, Receive, Send, TooLarge, TooSlow
from engagement_site.front.behind import Behind
from engagement_site.logs import ids
from events.door.application import Answer, Door, refusal

logger = logging.getLogger("engagement_site.requests")
_LIVE: Headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
_TEXT: Headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
_JSON = (b"content-type", b"application/json")
# For programs, which read JSON; everything else is for people, or for monitoring.
_MACHINES = ("/api/", "/hooks/", "/mail-events/")

Count = Callable[[str, str, int, float], None]  # view, method, status, seconds


class Front:
    """Events go to the door, /health/ and /metrics to threads of their own, all else to Django's."""

    def __init__(
        self, door: Door, pages: Behind, health: Behind, *, hosts: Callable[[], list[str]], count: Count
    ) -> None:
        self._door, self._pages, self._health = door, pages, health
        self._hosts, self._count = hosts, count
        self._known_hosts: set[bytes] = set()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live_and_die(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/health/live" and scope["method"] in ("GET", "HEAD"):
            await bodies.answer(send, 200, _LIVE, b"ok\n")
        elif _is_door(path):
            await self._take_event(scope, receive, send)
        else:
            behind = self._health if path.startswith(("/health/", "/metrics")) else self._pages
            await self._show(behind, scope, receive, send)

    async def _take_event(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        if self._is_our_host(scope):
            answer = await self._door(scope, receive, send)
        else:
            answer = refusal(400, "unknown_host", "This address does not serve the host it was asked for.")
            await bodies.answer(send, answer.status, [_JSON], answer.body)
        self._count(f"events:{answer.kind}", scope["method"], answer.status, time.perf_counter() - began)
        if answer.status != 200:
            _log(scope, answer)

    async def _show(self, behind: Behind, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            await behind(scope, receive, send)
        except Crowded:
            await _refuse(scope, send, 503, "try_again", "Rapport is busy. Try again in a few seconds.")
        except TooLarge:
            await _refuse(scope, send, 413, "too_large", "The body is larger than Rapport takes.")
        except TooSlow:
            await _refuse(scope, send, 408, "too_slow", "The body came too slowly, or was not read.")
        except Gone:
            pass

    def _is_our_host(self, scope: Mapping[str, Any]) -> bool:
        host = dict(scope["headers"]).get(b"host", b"")
        if host in self._known_hosts:
            return True
        domain, _port = split_domain_port(host.decode("latin-1"))
        ours = bool(domain) and validate_host(domain, self._hosts())
        if ours and len(self._known_hosts) < 100:
            self._known_hosts.add(host)
        return ours


def _is_door(path: str) -> bool:
    """Tell whether a path is meant for the door, also when it is written as no SDK should."""
    first = path.lstrip("/")[:3].lower()
    return first == "v1/" or first == "v1"


async def _refuse(scope: Mapping[str, Any], send: Send, status: int, code: str, message: str) -> None:
    """Answer in the language of who asks; without effect where an answer has begun."""
    if scope["path"].startswith(_MACHINES):
        headers, body = [_JSON, (b"connection", b"close")], refusal(status, code, message).body
    else:
        headers, body = _TEXT, f"{message}\n".encode()
    if status == 503:
        headers = [*headers, (b"retry-after", b"5")]
    await bodies.answer(send, status, headers, body)


def _log(scope: Mapping[str, Any], answer: Answer) -> None:
    headers = dict(scope["headers"])
    request_id = ids.accepted(headers.get(ids.REQUEST_HEADER.lower().encode(), b"").decode("latin-1"))
    token = ids.begin(request_id=request_id)
    try:
        details = {"method": scope["method"], "path": scope["path"], "view": "events", "status": answer.status}
        logger.info("%s %s: %s", scope["method"], scope["path"], answer.status, extra={"details": details})
    finally:
        ids.end(token)


async def _live_and_die(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
