"""The geometry of a sparkline: values of consecutive days as points of an SVG polyline. Pure."""

from collections.abc import Sequence
from itertools import groupby

from core.charts.scale import Scale

WIDTH, HEIGHT, EDGE = 96, 24, 3


def lines(
    values: Sequence[int | None], *, low: int, high: int, width: int = WIDTH, height: int = HEIGHT
) -> list[list[tuple[float, float]]]:
    """Return the points of each unbroken stretch, in order; an unknown day is a gap, a lone day a point."""
    across = Scale(0, len(values) - 1, EDGE, width - EDGE)
    upwards = Scale(low, high, height - EDGE, EDGE)
    placed = [None if value is None else (across.place(i), upwards.place(value)) for i, value in enumerate(values)]
    stretches = (list(group) for known, group in groupby(placed, key=lambda point: point is not None) if known)
    return [[point for point in stretch if point is not None] for stretch in stretches]
