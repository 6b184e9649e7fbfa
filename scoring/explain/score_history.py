"""The course of a customer's scores: stored days, where the version changed, when a band was left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from customers.models import Customer
from scoring.models import ScoreHistory, Transition

SPAN = 365
MOST_TRANSITIONS = 20


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    engagement: int | None  # hundredths
    health: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Course:
    """`versions`: the first day of each version after the first one, oldest first."""

    points: list[Point]
    versions: list[tuple[date, int]]
    transitions: list[Transition]


def of(customer: Customer, *, today: date, span: int = SPAN) -> Course:
    """Return the stored days of the last `span` days, oldest first. Two queries."""
    first = today - timedelta(days=span)
    rows = ScoreHistory.objects.filter(customer=customer, day__gte=first, day__lt=today).order_by("day")
    points = [Point(*row) for row in rows.values_list("day", "engagement", "health", "model")]
    changed = Transition.objects.filter(customer=customer, day__gte=first).order_by("-day", "kind")
    return Course(points, _versions(points), list(changed[:MOST_TRANSITIONS]))


def _versions(points: Sequence[Point]) -> list[tuple[date, int]]:
    return [(now.day, now.version) for before, now in pairwise(points) if now.version != before.version]
