"""When an event happened, from what the sender says (docs/decisions/0004-event-time.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from events.models import Flag
from events.wire import devices, instants

OLDEST = timedelta(days=3653)  # ten years
# Below this a difference is the network's; correcting it would make an event's day depend on its batch.
SKEW_THAT_MATTERS = timedelta(minutes=1)
_NO_FLAGS = Flag(0)  # making one costs more than reading a time


class BadTime(Exception):
    """A time that cannot be read or used; the message says why."""


@dataclass(slots=True)
class Time:
    """Not frozen, which would cost half a microsecond for each event; nobody changes one."""

    occurred_at: datetime
    received_at: datetime
    original_at: datetime | None  # as sent, when it differs from occurred_at
    sent_at: datetime | None
    flags: Flag


def effective(
    message: Mapping[str, Any],
    envelope: Mapping[str, Any],
    context: Mapping[str, Any],
    *,
    received_at: datetime,
    history: bool = False,
) -> Time:
    """Return the time an event counts at: as sent, corrected for a device's clock, never after its receipt.

    `message` as it was sent: cleaned for storage, its whole numbers are clamped to ±2⁵³, and nanoseconds are beyond.
    Raises BadTime for a time that cannot be read, and for one over ten years old unless `history`.
    """
    stated, original = _instant(message, "timestamp"), _instant(message, "originalTimestamp")
    sent_at = _sent_at(message.get("sentAt")) or _sent_at(envelope.get("sentAt"))
    as_sent = stated or original
    if as_sent is None:
        return Time(received_at, received_at, None, sent_at, _NO_FLAGS)
    occurred_at, flags = as_sent, _NO_FLAGS
    # With both times the caller has set `timestamp` on purpose, and it stands (decision 4).
    if sent_at and not (stated and original) and devices.is_device(context):
        skew = received_at - sent_at
        if abs(skew) > SKEW_THAT_MATTERS:
            occurred_at, flags = _shifted(as_sent, skew), Flag.SKEW_CORRECTED
    if occurred_at > received_at:
        occurred_at, flags = received_at, flags | Flag.FUTURE
    if received_at - occurred_at > OLDEST and not history:
        raise BadTime(f"{as_sent.isoformat()} is more than ten years ago. Import it as history instead.")
    # The time as sent is kept, so that a correction can be seen and undone.
    return Time(occurred_at, received_at, as_sent if flags else None, sent_at, flags)


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        raise BadTime(f"{moment.isoformat()} is no usable time.") from None


def _sent_at(value: object) -> datetime | None:
    """Return sentAt; one that cannot be read only costs the correction it is for."""
    if value is None or value == "":
        return None
    try:
        # A batch gives the same text to each of its messages.
        return _remembered(value) if isinstance(value, str) and len(value) <= instants.LONGEST else instants.read(value)
    except instants.NoInstant:
        return None


_remembered = lru_cache(maxsize=64)(instants.read)


def _instant(message: Mapping[str, Any], name: str) -> datetime | None:
    value = message.get(name)
    if value is None or value == "":
        return None
    try:
        return instants.read(value)
    except instants.NoInstant:
        raise BadTime(f"`{name}` {_shown(value)} is no time. {instants.EXAMPLES}") from None


def _shown(value: object) -> str:
    try:
        return repr(str(value)[:60])
    except (ValueError, RecursionError):  # a number too long to be written; lists in lists in lists
        return f"({type(value).__name__})"
