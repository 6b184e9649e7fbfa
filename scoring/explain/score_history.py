"""A year of a customer's scores: stored days, where the version and its bands changed, when a band was left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from customers.models import Customer
from scoring.engine import Bands
from scoring.model_versions import versions
from scoring.models import ScoreHistory, ScoringModel, Transition

SPAN = 365
MOST_TRANSITIONS = 20


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    engagement: int | None  # hundredths
    health: int | None
    version: int


@dataclass(frozen=True, slots=True)
class History:
    """`versions`: the first day of each version after the first one, oldest first. `bands`: of every version drawn."""

    points: list[Point]
    versions: list[tuple[date, int]]
    transitions: list[Transition]
    bands: dict[int, Bands]


def load_history(customer: Customer, *, today: date, span: int = SPAN) -> History:
    """Return the stored days of the last `span` days, oldest first. Three queries."""
    first = today - timedelta(days=span)
    rows = ScoreHistory.objects.filter(customer=customer, day__gte=first, day__lt=today).order_by("day")
    points = [Point(*row) for row in rows.values_list("day", "engagement", "health", "model")]
    changed = Transition.objects.filter(customer=customer, day__gte=first).exclude(kind=Transition.Kind.RISK)
    models = ScoringModel.objects.in_bulk({point.version for point in points})
    bands = {version: versions.load_bands(model) for version, model in models.items()}
    return History(points, _versions(points), list(changed.order_by("-day", "kind")[:MOST_TRANSITIONS]), bands)


def _versions(points: Sequence[Point]) -> list[tuple[date, int]]:
    return [(after.day, after.version) for before, after in pairwise(points) if after.version != before.version]
