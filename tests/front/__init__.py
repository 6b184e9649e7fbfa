"""The front as a client sees it, in this process: what threads would do is done on the test's own connection."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from asgiref.sync import async_to_sync, sync_to_async
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from granian.constants import Interfaces
from granian.server.embed import Server

from engagement_site.front import made


@dataclass
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name.lower()]

    def json(self):
        return json.loads(self.content)


def ask(method: str, address: str, body: bytes | Iterable[bytes] = b"", **headers: str) -> Answer:
    """Send a request to a front of its own; a body in pieces has no length, unless a header tells one.

    A body that ends in None is one whose sender hangs up.
    """
    path, _, query = address.partition("?")
    pieces = [body] if isinstance(body, bytes) else list(body)
    sent = {"host": "localhost", **{name.lower(): text for name, text in headers.items()}}
    if isinstance(body, bytes):
        sent.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": unquote(path),
        "raw_path": path.encode(), "query_string": query.encode(),
        "client": ("127.0.0.1", 1), "server": ("testserver", 80),
        "headers": [(name.encode(), text.encode("latin-1")) for name, text in sent.items() if text is not None],
    }  # fmt: skip
    return _run(scope, pieces)


@async_to_sync
async def _run(scope, pieces) -> Answer:
    front = made.front(WSGIHandler(), _on_this_thread, remember=0)
    waiting, told = list(pieces), []

    async def receive():
        assert waiting, "After the end of a body, a server waits for the client to hang up."
        piece = waiting.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message):
        told.append(message)

    await front(scope, receive, send)
    await asyncio.sleep(0)
    headers = {name.decode(): text.decode("latin-1") for name, text in told[0]["headers"]}
    return Answer(told[0]["status"], headers, b"".join(message.get("body", b"") for message in told))


def _on_this_thread(_size, _name, act):
    return sync_to_async(act, thread_sensitive=True)


@contextmanager
def served() -> Iterator[str]:
    """Serve the front on a free port, in a thread, with threads of its own for the database; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loop, pools = asyncio.new_event_loop(), []

    def in_threads(size, name, act):
        pools.append(ThreadPoolExecutor(size, name))
        return lambda *arguments: asyncio.get_running_loop().run_in_executor(pools[-1], _closing, act, arguments)

    async def serve() -> None:
        front = made.front(_closing_django(WSGIHandler()), in_threads, remember=0)
        made_here.append(
            Server(front, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
        )
        await made_here[0].serve()

    made_here: list[Server] = []
    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(made_here[0].stop)
        thread.join(10)
        loop.close()
        for pool in pools:
            pool.shutdown()


def _closing(act, arguments):
    """Leave no connection to the test's database behind: it is to be dropped."""
    try:
        return act(*arguments)
    finally:
        connection.close()


def _closing_django(django):
    def application(environ, start_response):
        try:
            return [b"".join(django(environ, start_response))]
        finally:
            connection.close()

    return application


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("The front did not start.")
