"""The chart of a figure over time with its intervals: places in a drawing of 100 × 100, which the page stretches."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.intervals import Estimate
from core.web.charts.scale import Scale, polyline
from surveys import kinds

EDGE = 4  # per cent left free at each side


@dataclass(frozen=True, slots=True)
class Mark:
    """One period: where it stands, and how far its interval reaches. As text: no language writes a comma here."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Chart:
    marks: Sequence[Mark]
    line: str  # the points of a polyline
    levels: Sequence[tuple[str, float]]  # place, value; the highest first


def drawn(kind: str, estimates: Sequence[Estimate | None]) -> Chart | None:
    """Return the drawing of consecutive periods; None when fewer than two are known."""
    known = [estimate for estimate in estimates if estimate is not None]
    every = kinds.get(kind).levels
    if len(known) < 2 or not every:
        return None
    low = max(level for level in every if level <= min(estimate.low for estimate in known))
    high = min(level for level in every if level >= max(estimate.high for estimate in known))
    across = Scale(0, len(estimates) - 1, EDGE, 100 - EDGE, digits=2)
    upwards = Scale(low, high, 100 - EDGE, EDGE, digits=2)
    points = [
        (across.place(i), upwards.place(estimate.value)) for i, estimate in enumerate(estimates) if estimate is not None
    ]
    marks = [
        Mark(str(x), str(y), str(upwards.place(estimate.low)), str(upwards.place(estimate.high)))
        for (x, y), estimate in zip(points, known, strict=True)
    ]
    levels = [(str(upwards.place(level)), level) for level in reversed(every) if low <= level <= high]
    return Chart(marks, polyline(points), levels)
