"""A request's body, read within bounds and taken apart into messages (what SDKs send: docs/integrate/events.md).

Content types are ignored, as they lie. One message that is no JSON costs only itself: the batch is then split
by its brackets and each part is read alone.
"""

import re
import zlib
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson

MAX_COMPRESSED = 5 * 1024 * 1024
MAX_INFLATED = 10 * 1024 * 1024
MAX_DISCARDED = 50 * 1024 * 1024
MAX_MEMBERS = 100  # of one gzip body: each costs a copy of what is left
MAX_MESSAGES = 2_000
MAX_MARKS = 1_000_000  # brackets, commas and texts looked at when a batch is split: about a second
_GZIP = b"\x1f\x8b"


class Unreadable(Exception):
    """The body as a whole cannot be taken: (HTTP status, code, what to do)."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class NoJson(ValueError):
    """Bytes that are no JSON, or none that can be kept."""


@dataclass(frozen=True, slots=True)
class Body:
    envelope: dict[str, Any] = field(default_factory=dict)
    messages: list[object] = field(default_factory=list)  # a part that is no JSON stays bytes


def inflated(raw: bytes, encoding: bytes = b"") -> bytes:
    """Return a body, inflated when it is gzip, without a byte order mark. Raises Unreadable."""
    if raw.startswith(_GZIP) or encoding.lower() == b"gzip":
        raw = _inflated(raw)
    return raw.removeprefix(BOM_UTF8)


def parse(raw: bytes, kind: str) -> Body:
    """Take a body apart; `kind` is the last part of the path. Raises Unreadable."""
    try:
        whole = _loaded(raw)
    except NoJson:
        whole = _split(raw, kind)
    if not isinstance(whole, dict):
        raise Unreadable(400, "invalid_body", "The body must be a JSON object.")
    if kind != "batch":
        return Body({**_envelope(whole), "type": kind}, [{**whole, "type": whole.get("type") or kind}])
    messages = whole.pop("batch", None)
    if not isinstance(messages, list):
        raise Unreadable(400, "invalid_body", "A batch needs its messages in a list named `batch`.")
    if len(messages) > MAX_MESSAGES:
        raise _too_many()
    return Body(_envelope(whole), messages)


def _loaded(raw: bytes) -> object:
    """Return what the JSON says. Raises NoJson, also for what could not be written down again (255 levels)."""
    try:
        value = orjson.loads(raw)
        # A message that is rejected later has to be kept as JSON.
        orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        raise NoJson from None
    return value


def _envelope(whole: dict[str, Any]) -> dict[str, Any]:
    return {name: whole[name] for name in ("sentAt", "writeKey") if isinstance(whole.get(name), str)}


def too_large() -> Unreadable:
    """Return the refusal of a body over MAX_COMPRESSED."""
    size = MAX_COMPRESSED // 1024 // 1024
    return Unreadable(413, "too_large", f"The body is larger than {size} MB. Send smaller batches.")


def _too_many() -> Unreadable:
    return Unreadable(413, "too_many_messages", f"Send at most {MAX_MESSAGES:,} messages in a batch.")


def _inflated(raw: bytes) -> bytes:
    """Inflate all members of a gzip body, never more than MAX_INFLATED."""
    body, rest = b"", raw
    for _ in range(MAX_MEMBERS):
        stream = zlib.decompressobj(31)
        try:
            body += stream.decompress(rest, MAX_INFLATED + 1 - len(body))
        except zlib.error:
            raise _bad_gzip("The body says it is gzip and is not.") from None
        if len(body) > MAX_INFLATED:
            raise Unreadable(413, "too_large", f"The body inflates to more than {MAX_INFLATED // 1024 // 1024} MB.")
        if not stream.eof:
            raise _bad_gzip("The gzip body ends too early.")
        rest = stream.unused_data
        if not rest.strip(b"\0"):  # padding by zeros, as tapes and blocks leave it, belongs to the format
            return body
    raise _bad_gzip(f"The gzip body has more than {MAX_MEMBERS} members.")


def _bad_gzip(message: str) -> Unreadable:
    return Unreadable(400, "invalid_gzip", message)


# A text that never ends is taken to the end of the body: trying again at each of its quotes would be quadratic.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]++|[\]}]++|,', re.DOTALL)
_BATCH = re.compile(rb'"batch"\s*:\s*\[')


def _split(raw: bytes, kind: str) -> object:
    """Read a batch of which some part is no JSON, each message alone; one that cannot be read stays bytes."""
    start = _BATCH.search(raw)
    if kind != "batch" or start is None:
        raise _invalid()
    parts, end = _parts(raw, start.end())
    try:
        whole = _loaded(raw[: start.end()] + raw[end:])
    except NoJson:
        raise _invalid() from None
    if not isinstance(whole, dict) or whole.get("batch") != []:
        raise _invalid()
    return {**whole, "batch": [_read_part(part) for part in parts]}


def _parts(raw: bytes, begin: int) -> tuple[list[bytes], int]:
    """Return the elements of the list that begins at `begin`, and where its bracket closes."""
    parts: list[bytes] = []
    depth, since = 0, begin
    for token in islice(_TOKEN.finditer(raw, begin), MAX_MARKS):
        mark = raw[token.start()]
        if mark in b"[{":
            depth += token.end() - token.start()
        elif mark in b"]}":
            end = token.start() + depth
            if end < token.end():
                last = raw[since:end]
                return [*parts, last] if last.strip() else parts, end
            depth -= token.end() - token.start()
        elif mark in b"," and depth == 0:
            parts.append(raw[since : token.start()])
            since = token.end()
            if len(parts) > MAX_MESSAGES:
                raise _too_many()
    raise _invalid()


def _read_part(part: bytes) -> object:
    try:
        return _loaded(part)
    except NoJson:
        return part.strip()


def _invalid() -> Unreadable:
    return Unreadable(400, "invalid_json", "The body is not valid JSON.")
