"""How engaged a portfolio was, day by day: shares of those whose engagement was known, each day by its own version."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count

from core import days
from core.web.charts import sparkline
from core.web.charts.scale import polyline
from customers.models.customer import CustomerQuerySet
from scoring.models import DayShare, EngagementBand, ScoreHistory
from scoring.runs.thinning import SUNDAY

SPAN = 365  # days
MOST = 1_000  # customers whose history a page adds up itself
WIDTH, HEIGHT = 640, 160

Bands = EngagementBand
# share → its bands, as they are counted together
SHARES: dict[str, tuple[str, ...]] = {
    "engaged": (Bands.HIGHLY_ENGAGED, Bands.POWER_USER),
    "somewhat": (Bands.SOMEWHAT_ENGAGED,),
    "disengaged": (Bands.CHURN_RISK, Bands.GONE_QUIET, Bands.VERY_DISENGAGED),
}
_SHARE_OF = {band: share for share, bands in SHARES.items() for band in bands}


@dataclass(slots=True)
class Point:
    """A day: how many customers were in each share, and the versions that scored them."""

    day: date
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*SHARES, "unknown"), 0))
    versions: set[int] = field(default_factory=set)

    @property
    def known(self) -> int:
        return sum(self.counts[share] for share in SHARES)

    def share(self, name: str) -> int | None:
        """Return a share in hundredths of a per cent; None when nothing is known."""
        return round(10_000 * self.counts[name] / self.known) if self.known else None

    @property
    def shares(self) -> list[tuple[str, int, int | None]]:
        return [(name, self.counts[name], self.share(name)) for name in SHARES]


def of_all(today: date) -> list[Point]:
    """Return every closed day of the last year, oldest first, from what was added up. One query."""
    rows = DayShare.objects.filter(day__gte=today - timedelta(days=SPAN), day__lt=today)
    return _points(rows.values_list("day", "model_id", "engagement_band", "customers"))


def of_some(customers: CustomerQuerySet, today: date) -> list[Point]:
    """Return the Sundays of the last year, and yesterday, of some customers, as they are today. One query."""
    yesterday = today - days.ONE_DAY
    wanted = {yesterday, *(day for ago in range(1, SPAN) if (day := today - timedelta(days=ago)).weekday() == SUNDAY)}
    rows = ScoreHistory.objects.filter(customer__in=customers.order_by().values("pk"), day__in=sorted(wanted))
    return _points(rows.values_list("day", "model_id", "engagement_band").annotate(n=Count("*")))


def _points(rows: Iterable[tuple[Any, ...]]) -> list[Point]:
    points: dict[date, Point] = {}
    for day, version, band, customers in rows:
        point = points.setdefault(day, Point(day))
        point.counts[_SHARE_OF.get(band, "unknown")] += customers
        point.versions.add(version)
    return [points[day] for day in sorted(points)]


def chart(points: list[Point], today: date) -> dict[str, Any]:
    """Return what the template draws: a line for each share, broken where the versions changed."""
    first = today - timedelta(days=SPAN)
    # Joined over days that are not there, so that Sundays make a line: only a change of versions breaks it.
    breaks = [i for i, (before, after) in enumerate(pairwise(points), 1) if before.versions != after.versions]
    return {
        "lines": [
            (name, [polyline(line) for line in _lines([point.share(name) for point in points], breaks)])
            for name in SHARES
        ],
        "marks": [(_across(points, i), points[i]) for i in breaks],
        "width": WIDTH,
        "height": HEIGHT,
        "first": points[0].day if points else first,
        "last": points[-1].day if points else today,
        "latest": points[-1] if points else None,
        "weekly": [point for point in points if point.day.weekday() == SUNDAY or point is points[-1]][::-1],
    }


def _lines(values: list[int | None], breaks: list[int]) -> list[list[tuple[float, float]]]:
    return sparkline.lines(values, low=0, high=10_000, breaks=breaks, width=WIDTH, height=HEIGHT)


def _across(points: list[Point], i: int) -> str:
    return f"{sparkline.EDGE + i / max(1, len(points) - 1) * (WIDTH - 2 * sparkline.EDGE):.1f}"
