"""The source of a request, found by its write key wherever the SDK put it, and remembered for some seconds."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from events.models import Source
from events.wire.body import Body

REMEMBERED_SECONDS = 5.0  # a key that is revoked ends that much later
MOST_REMEMBERED = 10_000

Find = Callable[[str], Awaitable[Source | None]]


class Keys:
    """The sources of keys, known ones and wrong ones, by the keys' hashes: the keys themselves are kept nowhere."""

    def __init__(self, find: Find, *, seconds: float = REMEMBERED_SECONDS) -> None:
        self._find, self._seconds = find, seconds
        self._known: OrderedDict[bytes, tuple[float, Source | None]] = OrderedDict()

    async def source_of(self, key: str | None) -> Source | None:
        """Return the source of a live write key, None for any other text."""
        if not key:
            return None
        name, now = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).digest(), _now()
        known = self._known.get(name)
        if known is not None and known[0] > now:
            return known[1]
        source = await self._find(key)
        self._known[name] = now + self._seconds, source
        self._known.move_to_end(name)
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return source


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
