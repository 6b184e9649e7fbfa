"""Event types as an admin looks after them: which came lately, and which of those are worth nothing yet."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from events.models import EventType, TypeDay
from scoring.models import Status, Weight

SHOWN = 10
DAYS = 7


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
    known = _with_state(today)
    sums = known.aggregate(
        total=Count("pk"),
        seen_lately=Count("pk", filter=Q(seen=True)),
        waiting=Count("pk", filter=Q(seen=True, points=None)),
    )
    rows = known.alias(is_weighed=Q(points__isnull=False)).order_by(F("seen").desc(), "is_weighed", "name")
    return Lately([*rows[:SHOWN]], sums["total"], sums["seen_lately"], sums["waiting"])


def _with_state(today: date) -> QuerySet[EventType]:
    days = TypeDay.objects.filter(event_type=OuterRef("pk"), day__gt=today - timedelta(days=DAYS), day__lte=today)
    # One version at most is published for everybody; a segment's own may be published beside it.
    weights = Weight.objects.filter(event_type=OuterRef("pk"), model__status=Status.PUBLISHED, model__segment=None)
    return EventType.objects.offered().annotate(seen=Exists(days), points=Subquery(weights.values("points")))
