"""The source of a request, found by its write key wherever the SDK put it, and remembered for some seconds."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from events.models import Source
from events.wire.body import Body

REMEMBERED_SECONDS = 5.0  # a key that is revoked ends that much later
LOOK_UP_SECONDS = 0.5  # that a request waits for what is known already
MOST_STALE = 60.0  # seconds that a key goes on while the database does not answer
MOST_REMEMBERED = 10_000

Find = Callable[[str], Awaitable[Source | None]]


class Keys:
    """The sources of keys, known ones and wrong ones, by the keys' hashes: the keys themselves are kept nowhere."""

    def __init__(self, find: Find, *, seconds: float = REMEMBERED_SECONDS) -> None:
        self._find, self._seconds = find, seconds
        self._known: OrderedDict[bytes, tuple[float, Source | None]] = OrderedDict()
        self._asked: dict[bytes, asyncio.Task[Source | None]] = {}

    async def source_of(self, key: str | None) -> Source | None:
        """Return the source of a live write key, None for any other text.

        A key that was live goes on being so while the database makes its look-up wait, or refuses it. Raises what the
        look-up of others raises.
        """
        if not key:
            return None
        name, now = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).digest(), _now()
        until, source = self._known.get(name, (0.0, None))
        if until > now:
            return source
        asked = self._asked.get(name)
        if asked is None:
            asked = self._asked[name] = asyncio.create_task(self._ask(name, key))
            asked.add_done_callback(_heard)
        if source is not None and now < until + MOST_STALE:
            await asyncio.wait([asked], timeout=LOOK_UP_SECONDS)
            if not asked.done() or asked.exception() is not None:
                return source
        return await asyncio.shield(asked)  # others may wait for the same

    async def _ask(self, name: bytes, key: str) -> Source | None:
        try:
            source = await self._find(key)
        finally:
            del self._asked[name]
        self._known[name] = _now() + self._seconds, source
        self._known.move_to_end(name)
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return source


def _heard(asked: "asyncio.Task[Source | None]") -> None:
    """Take note of an error that nobody may wait for any more."""
    if not asked.cancelled():
        asked.exception()


def _now() -> float:
    return asyncio.get_running_loop().time()


def from_body(query: bytes, body: Body) -> str | None:
    """Return the key some clients send instead: in the body, the query, or the first message."""
    first = body.messages[0] if body.messages else None
    in_first = first.get("writeKey") if isinstance(first, dict) else None
    # Where the SDKs that send no header put it (docs/integrate/events.md).
    in_query = parse_qs(query.decode("latin-1")).get("writeKey", [None])[-1]
    key = body.envelope.get("writeKey") or in_query or in_first
    return key if isinstance(key, str) else None
