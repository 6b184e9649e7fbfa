"""Event types by name: known ones looked up, new ones registered, without points until an admin adds a weight."""

from collections.abc import Collection, Mapping
from datetime import datetime

from events.models import EventType, Source

MOST_PER_SOURCE = 5_000  # names: a source that puts an id into them would make millions of types
TOO_MANY = (
    f"This source has sent {MOST_PER_SOURCE:,} different event names."
    " Put what varies into properties, not into the name."
)


def register(
    names: Collection[str], *, source: Source, now: datetime
) -> tuple[Mapping[str, EventType], Collection[str]]:
    """Return the types by name, and the names for which there is no more room. One query when all are known.

    Call outside the transaction that stores events: event types are a small shared table, and a lock on one of
    its rows would make all batches wait for each other.
    """
    known = _find(names)
    unknown = sorted(set(names) - set(known))
    if not unknown:
        return known, ()
    room = MOST_PER_SOURCE - EventType.objects.filter(source=source).count()
    EventType.objects.bulk_create(
        [
            EventType(name=name, channel=source.channel, source=source, created_at=now)
            for name in unknown[: max(0, room)]
        ],
        # Another batch may register the same name at the same moment.
        ignore_conflicts=True,
    )
    known = _find(names)
    return known, [name for name in unknown if name not in known]


def _find(names: Collection[str]) -> dict[str, EventType]:
    """Return the types that events of these names are stored under: a merged one's is the other. One query."""
    kinds = EventType.objects.filter(name__in=names).select_related("merged_into")
    return {kind.name: kind.merged_into or kind for kind in kinds}
