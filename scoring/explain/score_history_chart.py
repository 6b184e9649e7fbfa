"""The geometry of a year's chart: days as points of an SVG, and where the version changed. Pure but for words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.charts import sparkline
from core.charts.scale import Scale, polyline
from scoring.explain.score_history import SPAN, Course

WIDTH, HEIGHT = 640, 120


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the chart: where it stands, and what it says."""

    place: str
    said: str


def chart(course: Course, today: date, name: str, *, low: int, high: int, marks: tuple[int, ...]) -> dict[str, Any]:
    """Return what the template draws: `name` is a field of the course's points; bounds and marks in hundredths."""
    values = values_of(course, today, name)
    drawn = sparkline.lines(values, low=low, high=high, width=WIDTH, height=HEIGHT)
    upwards = Scale(low, high, HEIGHT - sparkline.EDGE, sparkline.EDGE)
    return {
        "lines": [polyline(line) for line in drawn],
        "levels": [Mark(str(upwards.place(mark)), str(mark // 100)) for mark in marks if low <= mark <= high],
        "versions": [Mark(str(_place(day, today)), f"v{version}") for day, version in course.versions],
        "width": WIDTH,
        "height": HEIGHT,
    }


def values_of(course: Course, today: date, name: str) -> list[int | None]:
    """Return one value for each day of the span up to yesterday; None where nothing is stored or known."""
    known = {point.day: getattr(point, name) for point in course.points}
    first = today - timedelta(days=SPAN)
    return [known.get(first + timedelta(days=i)) for i in range(SPAN)]


def _place(day: date, today: date) -> float:
    across = Scale(0, SPAN - 1, sparkline.EDGE, WIDTH - sparkline.EDGE)
    return across.place(SPAN - (today - day).days)
