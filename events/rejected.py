"""Messages that could not be stored: one row for each, with the reason (`events.replay` tries again; decision 35)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from core import days
from core.jobs import periodic
from events.wire.messages import MAX_ID, message_hash

MAX_BYTES = 64 * 1024  # of a body, in UTF-8; what is longer is cut
MAX_REASON = 300
DEEPEST = 200  # levels of a message from Python that are kept
JOB = "forget-rejected"
CHUNK = 5_000  # rows deleted in one transaction

# One that had been replayed is a new case when it is refused again: what lay here is stored already.
KEEP = """
    INSERT INTO events_rejected AS kept
        (source_id, message_hash, received_at, last_at, count, reason, body, is_cut)
    SELECT new.source_id, new.message_hash, %(now)s, %(now)s, new.count, new.reason, new.body, new.is_cut
    FROM unnest(%(sources)s::bigint[], %(hashes)s::bytea[], %(counts)s::bigint[], %(reasons)s::text[],
                %(bodies)s::text[], %(cut)s::boolean[])
         AS new (source_id, message_hash, count, reason, body, is_cut)
    ON CONFLICT (source_id, message_hash) DO UPDATE SET
        last_at = greatest(kept.last_at, EXCLUDED.last_at),
        count = kept.count + EXCLUDED.count,
        reason = EXCLUDED.reason,
        received_at = CASE WHEN kept.replayed_at IS NULL THEN kept.received_at ELSE EXCLUDED.received_at END,
        body = CASE WHEN kept.replayed_at IS NULL THEN kept.body ELSE EXCLUDED.body END,
        is_cut = CASE WHEN kept.replayed_at IS NULL THEN kept.is_cut ELSE EXCLUDED.is_cut END,
        replayed_at = NULL
"""

# What was replayed is stored: it is deleted, and not among the dropped.
_FORGET = """
    WITH old AS (
        SELECT id FROM events_rejected WHERE last_at < %(before)s
        ORDER BY last_at LIMIT %(chunk)s FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM events_rejected AS rejected USING old WHERE rejected.id = old.id
        RETURNING rejected.source_id, rejected.replayed_at
    ), counted AS (
        INSERT INTO events_rejecteddropped AS dropped (source_id, day, count)
        SELECT source_id, %(day)s, count(*) FROM gone WHERE replayed_at IS NULL GROUP BY source_id
        ON CONFLICT (source_id, day) DO UPDATE SET count = dropped.count + EXCLUDED.count
    )
    SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A message and why it cannot be stored. `raw` is JSON's value, or bytes that are none, as they came."""

    source_id: int
    raw: object
    reason: str
    message_hash: bytes | None = None  # of its id, where the caller knows it


def keep(refused: Sequence[Refused], *, now: datetime) -> None:
    """Keep messages with their reasons; one that lies here already is counted once more. One query, none without any.

    Never raises for what a message holds.
    """
    if refused:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, parameters(refused, now=now))


def parameters(refused: Sequence[Refused], *, now: datetime) -> dict[str, Any]:
    """Return what KEEP is executed with, each message once. For callers with a connection of their own.

    In the order of the keys, so that two writers wait for each other instead of deadlocking.
    """
    rows: dict[tuple[int, bytes], list[Any]] = {}
    for one in refused:
        body = as_text(one.raw)
        row = rows.setdefault((one.source_id, one.message_hash or _hash(one.raw, body)), [0, "", *_cut(body)])
        row[0] += 1
        row[1] = _storable(one.reason)[:MAX_REASON]
    columns = zip(*((*key, *rows[key]) for key in sorted(rows)), strict=True)
    names = ("sources", "hashes", "counts", "reasons", "bodies", "cut")
    return {"now": now, **dict(zip(names, map(list, columns), strict=True))}


def forget(*, now: datetime) -> int:
    """Once a day: delete what came last more than REJECTED_DAYS ago, and note how many; return how many rows went."""
    today = days.business_day(now)
    run = periodic.begin(JOB, today.isoformat(), now=now)
    if run is None:
        return 0
    before, gone = now - timedelta(days=settings.REJECTED_DAYS), 0
    with connection.cursor() as cursor:
        while True:
            # Each chunk with its numbers in a transaction of its own: a long one would hold back the vacuum.
            cursor.execute(_FORGET, {"before": before, "chunk": CHUNK, "day": today})
            chunk = cursor.fetchone()[0]
            gone += chunk
            if chunk < CHUNK:
                break
    periodic.finish(run, now=now)
    return gone


def as_text(raw: object) -> str:
    """Return the message as PostgreSQL can keep it: bytes that are not JSON as text, NUL visible."""
    if isinstance(raw, bytes):
        return _storable(raw.decode("utf-8", "backslashreplace"))
    try:
        return orjson.dumps(raw, default=repr).decode()
    except TypeError:
        # orjson refuses half a surrogate pair, long numbers, keys that are no texts and more than 254 levels.
        return json.dumps(_within(raw, DEEPEST), default=repr)


def _within(value: object, levels: int) -> object:
    """Return what of a value from Python can be written: keys that are no texts go, and what lies too deep."""
    if isinstance(value, Mapping | list | tuple) and not levels:
        return "…"
    if isinstance(value, Mapping):
        return {key: _within(item, levels - 1) for key, item in value.items() if isinstance(key, str)}
    if isinstance(value, list | tuple):
        return [_within(item, levels - 1) for item in value]
    if isinstance(value, int) and value.bit_length() > 4_000:  # Python writes no decimal number of that length
        return hex(value)
    return value


def _hash(raw: object, body: str) -> bytes:
    message_id = _message_id(raw)
    if message_id is None:
        return hashlib.sha256(b"message\0" + body.encode()).digest()[:16]
    return message_hash(message_id)


def _message_id(raw: object) -> str | None:
    """Return the message's id as `Seen` would know it, None when it has no usable one."""
    value = raw.get("messageId") if isinstance(raw, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        text = str(value).strip()
        text.encode()
    except ValueError:  # half a surrogate pair; a number that is too long to be written
        return None
    return text if text and len(text) <= MAX_ID and "\0" not in text else None


def _cut(body: str) -> tuple[str, bool]:
    if len(body) <= MAX_BYTES // 4:  # no character takes more than four bytes
        return body, False
    raw = body.encode()
    return raw[:MAX_BYTES].decode("utf-8", "ignore"), len(raw) > MAX_BYTES


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
