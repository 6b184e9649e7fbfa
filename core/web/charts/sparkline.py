"""The geometry of a sparkline: values of consecutive days as points of an SVG polyline. Pure."""

from collections.abc import Collection, Sequence

from core.web.charts.scale import Scale

WIDTH, HEIGHT, EDGE = 96, 24, 3


def lines(
    values: Sequence[int | None],
    *,
    low: int,
    high: int,
    breaks: Collection[int] = (),
    width: int = WIDTH,
    height: int = HEIGHT,
) -> list[list[tuple[float, float]]]:
    """Return the points of each unbroken stretch, in order; an unknown day is a gap, a lone day a point.

    `breaks` are the places whose value is not to be joined to the one before.
    """
    across = Scale(0, len(values) - 1, EDGE, width - EDGE)
    upwards = Scale(low, high, height - EDGE, EDGE)
    stretches: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None or i in breaks:
            stretches.append([])
        if value is not None:
            stretches[-1].append((across.place(i), upwards.place(value)))
    return [stretch for stretch in stretches if stretch]


def place(i: int, days: int) -> float:
    """Return how far across a sparkline of so many days the day at a place is."""
    return Scale(0, days - 1, EDGE, WIDTH - EDGE).place(i)
