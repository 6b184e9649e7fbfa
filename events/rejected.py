"""Messages that could not be stored: kept whole, with the reason (`events.replay` tries again)."""

import json
from collections.abc import Sequence
from datetime import datetime

import orjson

from events.models import Rejected, Source


def keep(bad: Sequence[tuple[object, str]], *, source: Source, now: datetime) -> None:
    """Keep messages with their reasons. One query, none without messages."""
    Rejected.objects.bulk_create(
        Rejected(source=source, received_at=now, reason=reason[:300], body=as_text(raw)) for raw, reason in bad
    )


def as_text(raw: object) -> str:
    """Return the message as PostgreSQL can keep it: bytes that are not JSON as text, NUL visible."""
    if isinstance(raw, bytes):
        return raw.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
    try:
        return orjson.dumps(raw, default=repr).decode()
    except TypeError:  # orjson refuses half a surrogate pair and keys that are not texts; json escapes or skips them
        return json.dumps(raw, default=repr, skipkeys=True)
