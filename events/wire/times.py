"""When an event happened, from what the sender says (docs/decisions/0004-event-time.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from events.models import Flag

OLDEST = timedelta(days=3653)  # ten years
# Below this a difference is the network's; correcting it would make an event's day depend on its batch.
SKEW_THAT_MATTERS = timedelta(minutes=1)
# Libraries on people's own devices, whose clocks are wrong. Servers resend with an old sentAt: left alone.
DEVICE_LIBRARIES = ("analytics.js", "rudderlabs javascript sdk")
DEVICE_WORDS = ("android", "ios", "kotlin", "swift", "flutter", "react-native", "reactnative", "unity")


class BadTime(Exception):
    """A time that cannot be read or used; the message says why."""


@dataclass(frozen=True, slots=True)
class Time:
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

    Raises BadTime for a time that cannot be read, and for one over ten years old unless `history`.
    """
    stated, original = _instant(message, "timestamp"), _instant(message, "originalTimestamp")
    sent_at = _sent_at(message) or _sent_at(envelope)
    as_sent = stated or original
    if as_sent is None:
        return Time(received_at, received_at, None, sent_at, Flag(0))
    occurred_at, flags = as_sent, Flag(0)
    # With both times the caller has set `timestamp` on purpose, and it stands (decision 4).
    if sent_at and not (stated and original) and _is_device(context):
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


def _is_device(context: Mapping[str, Any]) -> bool:
    library = context.get("library")
    name = str(library.get("name", "")).lower() if isinstance(library, dict) else ""
    return name in DEVICE_LIBRARIES or any(word in name for word in DEVICE_WORDS)


def _sent_at(message: Mapping[str, Any]) -> datetime | None:
    """Return sentAt; one that cannot be read only costs the correction it is for."""
    try:
        return _instant(message, "sentAt")
    except BadTime:
        return None


def _instant(message: Mapping[str, Any], name: str) -> datetime | None:
    value = message.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        shown = str(value)[:60]
        raise BadTime(f"`{name}` {shown!r} is no time. Example: 2026-01-31T12:00:00Z.") from None
