"""Event types by name: known ones looked up, new ones registered, without points until an admin adds a weight."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.db import bulk, direct
from events.models import Channel, EventType, Source

MOST_PER_SOURCE = 5_000  # names: a source that puts an id into them would make millions of types
TOO_MANY = (
    f"This source has sent {MOST_PER_SOURCE:,} different event names."
    " Put what varies into properties, not into the name."
)


@dataclass(frozen=True, slots=True)
class Known:
    """What storing an event needs of its type."""

    id: int
    is_activity: bool


# A merged type's events are stored under the other one.
_FIND = """
    SELECT type.name, COALESCE(other.id, type.id), COALESCE(other.is_activity, type.is_activity)
    FROM events_eventtype AS type LEFT JOIN events_eventtype AS other ON other.id = type.merged_into_id
    WHERE type.name = ANY(%s::text[])
"""


def ask(names: Collection[str]) -> direct.Answer:
    """Read the types that events of these names are stored under; `known` takes the answer."""
    return direct.execute(_FIND, [bulk.texts(names)])


def known(answer: direct.Answer) -> Mapping[str, Known]:
    return {name: Known(pk, is_activity) for name, pk, is_activity in answer.fetchall()}


def channel_named(properties: Mapping[str, Any]) -> str:
    """Return the channel of ours that an event's `channel` names; "" when it names none."""
    named = properties.get("channel")
    word = named.strip().lower() if isinstance(named, str) else ""
    return word if word in Channel.values else ""


def register(
    names: Collection[str], *, source: Source, now: datetime, channels: Mapping[str, str] | None = None
) -> Collection[str]:
    """Make types of the names that have none; return those for which there is no more room.

    `channels`: name → its type's channel, where it is not the source's.
    Call outside the transaction that stores events: event types are a small shared table, and a lock on one of
    its rows would make all batches wait for each other.
    """
    unknown = sorted({*names} - known(ask(names)).keys())
    if not unknown:
        return ()
    channels = channels or {}
    room = MOST_PER_SOURCE - EventType.objects.filter(source=source).count()
    EventType.objects.bulk_create(
        [
            EventType(name=name, channel=channels.get(name) or source.channel, source=source, created_at=now)
            for name in unknown[: max(0, room)]
        ],
        # Another batch may register the same name at the same moment.
        ignore_conflicts=True,
    )
    return set(unknown) - known(ask(unknown)).keys()
