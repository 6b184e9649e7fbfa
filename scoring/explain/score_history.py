"""A year of a customer's scores: stored days, where the version and its bands changed, when a band was left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from customers.models import Customer
from scoring.engine import Bands
from scoring.model_versions import versions
from scoring.models import CurrentScore, ScoreHistory, ScoringModel, Transition

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
    changed = Transition.objects.filter(customer=customer, day__gte=first).exclude(kind=Transition.Kind.RISK)
    transitions = list(changed.order_by("-day", "kind")[:MOST_TRANSITIONS])
    return _history(_stored(customer, first, today), transitions)


def load_course(customer: Customer, score: CurrentScore | None, *, first: date, today: date) -> History:
    """Return the stored days from `first` on, and today by the current score; no changes of bands. Two queries."""
    points = _stored(customer, first, today)
    if score is not None and score.as_of == today and score.model_id:  # who left is not scored any more
        points.append(Point(today, score.engagement, score.health, score.model_id))
    return _history(points, [])


def _stored(customer: Customer, first: date, before: date) -> list[Point]:
    rows = ScoreHistory.objects.filter(customer=customer, day__gte=first, day__lt=before).order_by("day")
    return [Point(*row) for row in rows.values_list("day", "engagement", "health", "model")]


def _history(points: list[Point], transitions: list[Transition]) -> History:
    models = ScoringModel.objects.in_bulk({point.version for point in points})
    bands = {version: versions.load_bands(model) for version, model in models.items()}
    return History(points, _versions(points), transitions, bands)


def _versions(points: Sequence[Point]) -> list[tuple[date, int]]:
    return [(after.day, after.version) for before, after in pairwise(points) if after.version != before.version]
