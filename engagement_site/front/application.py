"""The front: one callable of ASGI, which hands each request to whoever answers it."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.http.request import split_domain_port, validate_host

from core.web import bodies
from core.web.bodies import Crowded, Gone, Headers, Receive, Send, TooLarge, TooSlow
from engagement_site.front import refusals, sockets
from engagement_site.front.behind import Behind
from engagement_site.logs import ids
from events.door.application import Answer, Door

logger = logging.getLogger("engagement_site.requests")
_REQUEST_ID = ids.REQUEST_HEADER.lower().encode()
_LIVE: Headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
_STATUS: dict[type[Exception], int] = {Crowded: 503, TooLarge: 413, TooSlow: 408, Gone: 400}

Count = Callable[[str, str, int, float], None]  # view, method, status, seconds


class Front:
    """Events go to the door, /health/ and /metrics to threads of their own, all else to Django's."""

    def __init__(
        self,
        door: Door,
        pages: Behind,
        health: Behind,
        *,
        hosts: Callable[[], list[str]],
        count: Count,
        started: Callable[[], None] | None = None,
    ) -> None:
        self._door, self._pages, self._health = door, pages, health
        self._hosts, self._count, self._started = hosts, count, started
        self._known_hosts: set[bytes] = set()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live_and_die(receive, send)
        elif scope["type"] == "http":
            if self._started is not None:
                self._started()
                self._started = None
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/health/live" and scope["method"] in ("GET", "HEAD"):
            await bodies.answer(send, 200, _LIVE, b"ok\n")
        elif _is_door(path):
            await self._take_event(scope, receive, send)
        elif path.startswith(refusals.PROGRAMS) and not self._is_our_host(scope):
            await refusals.unknown_host(send)
        else:
            behind = self._health if path.startswith(("/health/", "/metrics")) else self._pages
            await self._show(behind, scope, receive, send)

    async def _take_event(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        began, request_id = time.perf_counter(), ""

        async def named(message: dict[str, Any]) -> None:
            """Give a refusal the id under which the log tells of it; what is taken is told of nowhere."""
            nonlocal request_id
            if message.get("status", 200) != 200:
                request_id = _request_id(scope)
                message["headers"] = [*message["headers"], (_REQUEST_ID, request_id.encode())]
            await send(message)

        if self._is_our_host(scope):
            answer = await self._door(scope, receive, named)
        else:
            answer = await refusals.unknown_host(named)
        self._count(f"events:{answer.kind}", scope["method"], answer.status, time.perf_counter() - began)
        if answer.status != 200:
            _log(scope, answer, request_id)

    async def _show(self, behind: Behind, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: dict[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await behind(scope, receive, noting)
        except Exception as error:
            status = _STATUS.get(type(error), 500)
            if status == 500:
                logger.exception("%s %s could not be answered", scope["method"], scope["path"])
            if not begun:
                await refusals.refuse(scope, send, status)
            elif isinstance(error, TooSlow):
                sockets.cut(scope["client"])

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


def _request_id(scope: Mapping[str, Any]) -> str:
    return ids.accepted(dict(scope["headers"]).get(_REQUEST_ID, b"").decode("latin-1"))


def _log(scope: Mapping[str, Any], answer: Answer, request_id: str) -> None:
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
