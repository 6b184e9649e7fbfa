"""How the scores of a page of customers went, day by day: history, and the current score at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from customers.models import Customer
from scoring.models import ScoreHistory

DAYS = 30


@dataclass(frozen=True, slots=True)
class Trend:
    """One value a day, the oldest first, in hundredths; None where it is unknown."""

    engagement: list[int | None] = field(default_factory=lambda: [None] * (DAYS + 1))
    health: list[int | None] = field(default_factory=lambda: [None] * (DAYS + 1))


def load_trends(customers: Iterable[Customer], *, today: date) -> dict[int, Trend]:
    """Return customer → trend of the last 30 days and today. Their `score` must be loaded. One query."""
    first = today - timedelta(days=DAYS)
    scores = {customer.pk: getattr(customer, "score", None) for customer in customers}
    trends = {pk: Trend() for pk in scores}
    rows = ScoreHistory.objects.filter(customer__in=list(scores), day__gte=first, day__lt=today)
    for pk, day, engagement, health in rows.values_list("customer", "day", "engagement", "health"):
        at = (day - first).days
        trends[pk].engagement[at], trends[pk].health[at] = engagement, health
    for pk, score in scores.items():
        if score is not None and first <= score.as_of <= today:  # who left is not scored any more
            at = (score.as_of - first).days
            trends[pk].engagement[at], trends[pk].health[at] = score.engagement, score.health
    return trends
