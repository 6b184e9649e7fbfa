"""Event types as an admin looks after them: which came lately, and which of those are worth nothing yet."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from events.models import EventType
from scoring.model_versions import weighing

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Lately:
    rows: list[EventType]
    total: int
    seen: int
    waiting: int  # seen, but not weighed


def lately(today: date) -> Lately:
    """Return the event types, those that came lately and are not weighed first, with how many there are. Two queries.

    Each has `seen` (came for one of the last 7 days) and `points`, None where the current model does not weigh it.
    """
    known = weighing.with_state(today)
    sums = known.aggregate(
        total=Count("pk"),
        seen_lately=Count("pk", filter=Q(seen=True)),
        waiting=Count("pk", filter=Q(seen=True, points=None)),
    )
    rows = known.alias(is_weighed=Q(points__isnull=False)).order_by(F("seen").desc(), "is_weighed", "name")
    return Lately([*rows[:SHOWN]], sums["total"], sums["seen_lately"], sums["waiting"])
