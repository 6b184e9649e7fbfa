"""Clients that mean harm, and probes that tell whether others notice: coroutines over plain sockets.

An attacker returns what became of it: the status it was answered with (None without an answer), and the seconds until
its connection was closed (None when it was not).
"""

import asyncio
import re
import select
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

PATIENCE = 10.0  # seconds that the client of a probe waits
BUFFER = 4096  # bytes that a slow reader lets the system take for it
TRACK = b'{"type": "track", "userId": "%s", "event": "Report created"}'
Ended = tuple[int | None, float | None]


@dataclass(frozen=True)
class Site:
    """A server, and what its attackers know: a write key, and the session of a colleague."""

    port: int
    key: str
    session: str
    host: str = "localhost"
    tls: ssl.SSLContext | None = None

    async def connect(self, *, buffer: int = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        plain = socket.socket()
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", self.port))
        except BaseException:
            plain.close()
            raise
        name = self.host if self.tls else None
        return await asyncio.open_connection(
            sock=plain, ssl=self.tls, server_hostname=name, limit=buffer or 2**16, ssl_handshake_timeout=None
        )

    def request(self, method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    @property
    def with_key(self) -> str:
        return "Authorization: Basic " + b64encode(f"{self.key}:".encode()).decode()

    @property
    def signed_in(self) -> str:
        return f"Cookie: sessionid={self.session}"

    async def ask(self, method: str, path: str, body: bytes = b"", *headers: str) -> tuple[int, bytes, bytes]:
        """Return the status, the head and the body of the answer."""
        reader, writer = await self.connect()
        try:
            writer.write(self.request(method, path, body, "Connection: close", *headers))
            answer = await reader.read(-1)
        finally:
            writer.close()
        head, _, rest = answer.partition(b"\r\n\r\n")
        return _status(head) or 0, head, rest

    async def track(self, person: str) -> int:
        status, _, _ = await self.ask("POST", "/v1/track", TRACK % person.encode(), self.with_key)
        return status


def _status(answer: bytes) -> int | None:
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) == 3 else None


@dataclass
class Probes:
    """What a client sees that asks again and again, for each thing it asks for: the seconds it waited, and failures."""

    site: Site
    may_refuse: str = ""  # the probe that may be answered 503 as well
    pause: float = 0.3
    waited: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    async def run(self, until: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            for name, asked in self._asked().items():
                group.create_task(self._repeat(name, asked, until))

    def _asked(self) -> dict[str, tuple[str, str, bytes, Sequence[str]]]:
        site = self.site
        return {
            "/health/live": ("GET", "/health/live", b"", ()),
            "sign-in page": ("GET", "/sign-in/", b"", ()),
            "signed-in page": ("GET", "/customers/", b"", (site.signed_in,)),
            "/v1/track": ("POST", "/v1/track", TRACK % b"somebody-else", (site.with_key,)),
        }

    async def _repeat(self, name: str, asked: tuple[str, str, bytes, Sequence[str]], until: asyncio.Event) -> None:
        method, path, body, headers = asked
        while not until.is_set():
            began = time.monotonic()
            try:
                status, _, _ = await asyncio.wait_for(self.site.ask(method, path, body, *headers), PATIENCE)
            except (TimeoutError, OSError) as error:
                status = 0
                self.failures.append(f"{name}: {error!r} after {time.monotonic() - began:.1f} s")
            self.waited.setdefault(name, []).append(time.monotonic() - began)
            if status not in (0, 200) and (status, name) != (503, self.may_refuse):
                self.failures.append(f"{name}: {status}")
            with suppress(TimeoutError):
                await asyncio.wait_for(until.wait(), self.pause)


async def _watch(reader: asyncio.StreamReader, began: float) -> Ended:
    answer = b""
    try:
        while piece := await reader.read(BUFFER):
            answer += piece[: BUFFER - len(answer)]
    except OSError:
        pass
    return _status(answer), time.monotonic() - began


async def half_sent(site: Site, path: str, *headers: str, length: int = 1_000) -> Ended:
    """Announce a body, send one byte of it, and wait."""
    began = time.monotonic()
    reader, writer = await site.connect()
    writer.write(site.request("POST", path, b"", f"Content-Length: {length}", *headers) + b"{")
    try:
        return await _watch(reader, began)
    finally:
        writer.close()


async def half_chunked(site: Site, path: str, *headers: str) -> Ended:
    """Begin a chunk, and wait."""
    began = time.monotonic()
    reader, writer = await site.connect()
    writer.write(site.request("POST", path, b"", "Transfer-Encoding: chunked", *headers) + b"400\r\n{")
    try:
        return await _watch(reader, began)
    finally:
        writer.close()


async def trickling(site: Site, path: str, *headers: str) -> Ended:
    """Send a byte every three seconds."""
    began = time.monotonic()
    reader, writer = await site.connect()
    writer.write(site.request("POST", path, b"", "Content-Length: 1000", *headers))

    async def trickle() -> None:
        with suppress(OSError):
            for _ in range(1_000):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(3)

    task = asyncio.create_task(trickle())
    try:
        return await _watch(reader, began)
    finally:
        task.cancel()
        writer.close()


async def slow_reader(site: Site, path: str, *, rate: int) -> Ended:
    """Ask for a large answer and read so many bytes of it a second, perhaps none."""
    began = time.monotonic()
    reader, writer = await site.connect(buffer=BUFFER)
    writer.write(site.request("GET", path, b"", site.signed_in))
    head = b""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        while not reader.at_eof() and not _is_cut(writer):
            await asyncio.sleep(1)
            if rate:
                await reader.read(rate)
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.transport.abort()
    return _status(head), time.monotonic() - began


def _is_cut(writer: asyncio.StreamWriter) -> bool:
    """Tell whether the other side ended the connection, though nothing is read that would tell."""
    poll = select.poll()
    poll.register(writer.get_extra_info("socket").fileno(), select.POLLERR | select.POLLHUP)
    return bool(poll.poll(0))


async def wrong_password(site: Site, number: int) -> Ended:
    """Guess a password."""
    began = time.monotonic()
    status, head, page = await site.ask("GET", "/sign-in/")
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    cookie = re.search(rb"csrftoken=(\w+)", head)
    if status != 200 or not token or not cookie:
        return status, time.monotonic() - began
    named = dict.fromkeys(("username", "login"), "lead@example.com")
    body = urlencode({**named, "password": f"wrong-{number}", "csrfmiddlewaretoken": token[1].decode()}).encode()
    status, _, _ = await site.ask(
        "POST", "/sign-in/", body, f"Cookie: csrftoken={cookie[1].decode()}",
        f"Referer: {'https' if site.tls else 'http'}://{site.host}/sign-in/",
        "Content-Type: application/x-www-form-urlencoded",
    )  # fmt: skip
    return status, time.monotonic() - began
