"""The geometry of a year's chart: days as points of an SVG, and where the version changed. Pure but for words."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from core.web.charts import sparkline
from core.web.charts.scale import Scale, polyline
from scoring.engine import Bands
from scoring.explain.score_history import SPAN, History

WIDTH, HEIGHT = 640, 120


ENDS = {"health": (0, 10_000), "engagement": (0,)}  # drawn across whatever the version, hundredths


@dataclass(frozen=True, slots=True)
class Level:
    """Where a band begins or ends: a line from the first to the last day of the versions that drew it there."""

    bound: int  # hundredths
    start: str
    end: str
    place: str

    @property
    def label(self) -> str:
        return f"{self.bound / 100:g}"

    @property
    def across(self) -> str:
        return f"{float(self.start) / WIDTH:.2%}"

    @property
    def down(self) -> str:
        return f"{float(self.place) / HEIGHT:.2%}"


@dataclass(frozen=True, slots=True)
class VersionMark:
    place: str
    label: str

    @property
    def across(self) -> str:
        return f"{float(self.place) / WIDTH:.2%}"


def chart(history: History, today: date, name: str, *, low: int, high: int, span: int = SPAN) -> dict[str, Any]:
    """Return what the template draws: `name` is "health" or "engagement"; `low` and `high` are hundredths.

    Drawn are the `span` days before `today`.
    """
    values, breaks = values_by_day(history, today, name, span), changes(history, today, span)
    drawn = sparkline.lines(values, low=low, high=high, breaks=breaks, width=WIDTH, height=HEIGHT)
    return {
        "lines": [polyline(line) for line in drawn],
        "levels": [
            one for one in levels(history, today, name, low=low, high=high, span=span) if low <= one.bound <= high
        ],
        "versions": [VersionMark(str(_place(day, today, span)), f"v{version}") for day, version in history.versions],
        "width": WIDTH,
        "height": HEIGHT,
        "first": today - timedelta(days=span),
        "last": today - timedelta(days=1),
    }


def levels(history: History, today: date, name: str, *, low: int, high: int, span: int = SPAN) -> list[Level]:
    """Return the bounds of each version's own bands over the days it scored, and the ends of the scale."""
    upwards = _upwards(low, high)
    stretches = [(bound, 0.0, float(WIDTH)) for bound in ENDS[name]]
    firsts = [(history.points[0].day, history.points[0].version), *history.versions] if history.points else []
    edges = [0.0, *(_place(day, today, span) for day, _ in firsts[1:]), float(WIDTH)]
    for (_, version), (start, end) in zip(firsts, pairwise(edges), strict=False):
        for bound in _bounds(history.bands[version], name):
            if bound in ENDS[name]:
                continue
            # A bound that the version before had too is one longer line, so that its number is not written twice.
            same = next((line for line in stretches if line[0] == bound and line[2] == start), None)
            if same:
                stretches.remove(same)
            stretches.append((bound, same[1] if same else start, end))
    return [Level(bound, str(start), str(end), str(upwards.place(bound))) for bound, start, end in stretches]


def _bounds(bands: Bands, name: str) -> tuple[int, ...]:
    if name == "health":
        return bands.yellow_from, bands.green_from
    return bands.disengaged_from, bands.disengaged_to, bands.somewhat_to, bands.highly_to


def values_by_day(history: History, today: date, name: str, span: int = SPAN) -> list[int | None]:
    """Return one value for each day of the span up to yesterday; None where nothing is stored or known."""
    known = {point.day: getattr(point, name) for point in history.points}
    first = today - timedelta(days=span)
    return [known.get(first + timedelta(days=i)) for i in range(span)]


def changes(history: History, today: date, span: int = SPAN) -> list[int]:
    """Return the places, among `values_by_day`, of the first day of each version after the first one."""
    return [span - (today - day).days for day, _ in history.versions]


def across(day: date, today: date, span: int) -> str:
    """Return how far across the chart a day is, as SVG writes it."""
    return f"{_place(day, today, span) / WIDTH:.2%}"


def down(hundredths: int, *, low: int, high: int) -> str:
    """Return how far down the chart a value is, as SVG writes it."""
    return f"{_upwards(low, high).clamped(hundredths) / HEIGHT:.2%}"


def _upwards(low: int, high: int) -> Scale:
    return Scale(low, high, HEIGHT - sparkline.EDGE, sparkline.EDGE)


def _place(day: date, today: date, span: int) -> float:
    across = Scale(0, span - 1, sparkline.EDGE, WIDTH - sparkline.EDGE)
    return across.place(span - (today - day).days)
