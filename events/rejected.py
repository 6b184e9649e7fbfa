"""Messages that could not be stored: kept whole, with the reason (`events.replay` tries again)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from events.models import Rejected


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that cannot be stored, as it was sent, and why."""

    source_id: int
    raw: object
    reason: str
    message_hash: bytes | None = None


def keep(refused: Sequence[Refused], *, now: datetime) -> None:
    """Keep messages with their reasons. One query, none without messages."""
    Rejected.objects.bulk_create(
        Rejected(source_id=one.source_id, received_at=now, reason=one.reason[:300], body=as_text(one.raw))
        for one in refused
    )


def as_text(raw: object) -> str:
    """Return the message as PostgreSQL can keep it: bytes that are not JSON as text, NUL visible."""
    if isinstance(raw, bytes):
        return raw.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
    try:
        return orjson.dumps(raw, default=repr).decode()
    except TypeError:  # orjson refuses half a surrogate pair and keys that are not texts; json escapes or skips them
        return json.dumps(raw, default=repr, skipkeys=True)
