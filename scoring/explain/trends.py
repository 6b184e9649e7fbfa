"""How the scores of a page of customers went, day by day: history, and the current score at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from customers.models import Customer
from scoring.models import ScoreHistory

DAYS = 30


@dataclass(frozen=True, slots=True)
class Trend:
    """One value a day from `first` on, in hundredths; None where it is unknown. `versions`: which one it is by."""

    first: date
    engagement: list[int | None] = field(default_factory=lambda: [None] * (DAYS + 1))
    health: list[int | None] = field(default_factory=lambda: [None] * (DAYS + 1))
    versions: list[int | None] = field(default_factory=lambda: [None] * (DAYS + 1))

    @property
    def changes(self) -> list[int]:
        """Return the places of the days that another version scored than the day before them."""
        scored = [(i, version) for i, version in enumerate(self.versions) if version is not None]
        return [i for (_, before), (i, version) in pairwise(scored) if version != before]

    def write(self, day: date, engagement: int | None, health: int | None, version: int) -> None:
        at = (day - self.first).days
        self.engagement[at], self.health[at], self.versions[at] = engagement, health, version


def load_trends(customers: Iterable[Customer], *, today: date) -> dict[int, Trend]:
    """Return customer → trend of the last 30 days and today. Their `score` must be loaded. One query."""
    first = today - timedelta(days=DAYS)
    scores = {customer.pk: getattr(customer, "score", None) for customer in customers}
    trends = {pk: Trend(first) for pk in scores}
    rows = ScoreHistory.objects.filter(customer__in=list(scores), day__gte=first, day__lt=today)
    for pk, day, engagement, health, version in rows.values_list("customer", "day", "engagement", "health", "model"):
        trends[pk].write(day, engagement, health, version)
    for pk, score in scores.items():
        if score is not None and first <= score.as_of <= today:  # who left is not scored any more
            trends[pk].write(score.as_of, score.engagement, score.health, score.model_id)
    return trends
