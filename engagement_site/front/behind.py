"""Django behind the event loop: a request reaches a thread whole, and its answer leaves the thread whole.

So whoever sends or reads slowly holds no thread. A request that waits (for a lock, a slow query) stops counting
against the few that may work at the same time, so it keeps a thread from nobody; threads are bounded all the same.
The same address is asked for by a few threads at most: twenty exports, or guesses of a password, leave room for pages.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from core.web.bodies import Budget, Crowded, Headers, Patience, Receive, Send, TooLarge, pieces, stream
from engagement_site.front.lanes import Lanes

IN_MEMORY = 256 * 1024  # bytes of one body; what is longer lies in a file
BLOCK = 16 * 1024  # small, as the server takes some dozens before it waits for the client
MOST_BODY = 60 * 1024 * 1024  # somewhat more than the largest file the pages take
MOST_HELD = 512 * 1024 * 1024  # bytes of all bodies that are on their way in
UPLOADS = Patience(grace=10, rate=16_000, total=900)
READ_WITHIN = 30.0  # seconds for each block of an answer, once the system's buffers are full
READ_IN_ALL = 900.0
ANSWERED_WITHIN = 0.25  # seconds; who takes longer is waiting, not working
LONGEST_QUEUE = 8.0  # seconds that a request waits for its turn
_NO_BODY = (204, 304)

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Answered:
    status: int
    headers: Headers
    body: IO[bytes]


class Behind:
    """Runs a WSGI application: `working` requests at once, more while some of these wait, never over `threads`."""

    def __init__(self, application: Wsgi, *, working: int, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._working, self._threads = asyncio.Semaphore(working), asyncio.Semaphore(threads)
        self._lanes = Lanes(max(2, threads * 3 // 8))
        self._budget = Budget(MOST_HELD)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request. Raises TooSlow, TooLarge, Gone and Crowded; nothing was sent then but by TooSlow's."""
        with SpooledTemporaryFile(IN_MEMORY) as body:
            length = await self._take_in(receive, body)
            body.seek(0)
            answered = await self._work(environ(scope, body, length))
        with answered.body:
            await send({"type": "http.response.start", "status": answered.status, "headers": answered.headers})
            await stream(send, _blocks(answered.body), each=READ_WITHIN, total=READ_IN_ALL)

    async def _take_in(self, receive: Receive, body: IO[bytes]) -> int:
        length = 0
        try:
            async for piece in pieces(receive, UPLOADS):
                if length + len(piece) > MOST_BODY:
                    raise TooLarge
                self._budget.take(len(piece))
                length += len(piece)
                body.write(piece)
        finally:
            self._budget.give_back(length)
        return length

    async def _work(self, request: dict[str, Any]) -> Answered:
        """Raises Crowded when it was not its turn in time."""
        address = f"{request['REQUEST_METHOD']} {request['PATH_INFO']}"
        try:
            async with asyncio.timeout(LONGEST_QUEUE):
                await self._turn(address)
        except TimeoutError:
            raise Crowded from None
        answering = asyncio.get_running_loop().run_in_executor(self._pool, self._answered, request)
        answering.add_done_callback(lambda _: self._leave(address))
        try:
            await asyncio.wait([answering], timeout=ANSWERED_WITHIN)
        finally:
            self._working.release()
        return await answering

    async def _turn(self, address: str) -> None:
        """Wait for a thread, and to be one of those that work."""
        await self._lanes.enter(address)
        try:
            await self._working.acquire()
            try:
                await self._threads.acquire()
            except BaseException:
                self._working.release()
                raise
        except BaseException:
            self._lanes.leave(address)
            raise

    def _leave(self, address: str) -> None:
        self._threads.release()
        self._lanes.leave(address)

    def _answered(self, request: dict[str, Any]) -> Answered:
        """Run the application in this thread, and collect what it answers."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            started[:] = [(status, headers)]

        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by whoever sends it)
        try:
            blocks = self._application(request, start)
            try:
                for block in blocks:
                    body.write(block)
            finally:
                if callable(close := getattr(blocks, "close", None)):
                    close()
            status, headers = int(started[0][0][:3]), started[0][1]
        except BaseException:
            body.close()
            raise
        length = body.tell()
        body.seek(0)
        return Answered(status, _sent(status, headers, length), body)


def _sent(status: int, headers: Sequence[tuple[str, str]], length: int) -> Headers:
    """Return the headers, with the length: without it, an answer that is cut off would look as if it were whole."""
    sent = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]
    if status in _NO_BODY or any(name == b"content-length" for name, _ in sent):
        return sent
    return [*sent, (b"content-length", str(length).encode())]


def environ(scope: Mapping[str, Any], body: IO[bytes], length: int) -> dict[str, Any]:
    """Return what WSGI calls the environment (PEP 3333) of a request whose body has arrived."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    path = unquote_to_bytes(scope["raw_path"]) if scope.get("raw_path") else scope["path"].encode()
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, text in scope["headers"]:
        _add(made, name.decode("latin-1"), text.decode("latin-1"))
    return made


def _add(made: dict[str, Any], name: str, text: str) -> None:
    # With an underscore it would take the place of the header that has a hyphen, which a proxy may have set.
    if "_" in name or name in ("content-length", "transfer-encoding"):
        return
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    if key in made:
        text = f"{made[key]}{'; ' if name == 'cookie' else ','}{text}"
    made[key] = text


def _blocks(body: IO[bytes]) -> Iterator[bytes]:
    while block := body.read(BLOCK):
        yield block
