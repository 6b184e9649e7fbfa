"""Bodies of requests and answers, moved by the event loop: whoever sends or reads slowly holds nothing but a socket.

For callables of ASGI (`receive`, `send`); what does the work is handed a body that has arrived whole.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class TooSlow(Exception):
    """The sender, or the reader, took longer than it may."""


class TooLarge(Exception):
    """The body is larger than it may be."""


class Crowded(Exception):
    """So much has arrived and is not answered yet that no more can be held."""


class Gone(Exception):
    """The client hung up."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a body may take: some seconds at least, longer at a least rate, and never longer than in all."""

    grace: float = 8  # seconds
    rate: int = 8_000  # bytes a second: half of what the slowest mobile networks do
    total: float = 60  # seconds

    def left(self, began: float, moved: int) -> float:
        """Return until when, by the loop's clock, the next piece has to come."""
        return began + min(self.total, self.grace + moved / self.rate)


class Budget:
    """Bytes of bodies that may be held at the same time."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, size: int) -> None:
        """Raises Crowded."""
        if size > self.left:
            raise Crowded
        self.left -= size

    def give_back(self, size: int) -> None:
        self.left += size


def ending(receive: Receive) -> Receive:
    """Return a `receive` that tells the end of the body again, where a server waits for the client to hang up."""
    ended = False

    async def receive_or_end() -> dict[str, Any]:
        nonlocal ended
        if ended:
            return {"type": "http.request", "body": b"", "more_body": False}
        message = await receive()
        ended = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    return receive_or_end


async def pieces(receive: Receive, patience: Patience) -> AsyncIterator[bytes]:
    """Yield a request's body as it comes. Raises TooSlow and Gone."""
    clock = asyncio.get_running_loop().time
    began, moved, more = clock(), 0, True
    while more:
        try:
            async with asyncio.timeout_at(patience.left(began, moved)):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise Gone
        piece, more = message.get("body", b""), message.get("more_body", False)
        moved += len(piece)
        if piece:
            yield piece


async def read(receive: Receive, *, most: int, patience: Patience, budget: Budget) -> bytes:
    """Return a request's body. The caller gives its length back to the budget once it is done with it.

    Raises TooLarge beyond `most` bytes, and TooSlow, Gone and Crowded.
    """
    held: list[bytes] = []
    size = 0
    try:
        async for piece in pieces(receive, patience):
            if size + len(piece) > most:
                raise TooLarge
            budget.take(len(piece))
            size += len(piece)
            held.append(piece)
    except BaseException:
        budget.give_back(size)
        raise
    return held[0] if len(held) == 1 else b"".join(held)


async def discard(receive: Receive, *, most: int, patience: Patience) -> bool:
    """Read and drop a body, up to `most` bytes; return whether it ended.

    A client that is cut off while it sends sees a broken connection, no answer, and sends it all again.
    """
    dropped = 0
    try:
        async for piece in pieces(receive, patience):
            dropped += len(piece)
            if dropped > most:
                return False
    except (TooSlow, Gone):
        return False
    return True


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send an answer that is small enough to be held by the connection."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def stream(send: Send, blocks: Iterable[bytes], *, each: float, total: float) -> None:
    """Send the blocks of an answer that has been started, each within `each` seconds, all within `total`.

    Raises TooSlow for a client that does not read them. Not a rate as for what comes in: the system takes megabytes
    before it is known how fast the client reads, and tells of progress in steps of a third of that.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + total
    for block in blocks:
        try:
            async with asyncio.timeout_at(min(clock() + each, end)):
                await send({"type": "http.response.body", "body": block, "more_body": True})
        except TimeoutError:
            raise TooSlow from None
    await send({"type": "http.response.body", "body": b""})
