"""A linear scale from values to places in a drawing, shared by all charts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values stand: `low` at `start`, `high` at `end`. SVG counts downwards, so a height starts below its end."""

    low: float
    high: float
    start: float
    end: float
    digits: int = 1

    def place(self, value: float) -> float:
        """Return the place of a value, rounded to `digits`. A scale without extent puts everything at its start."""
        extent = self.high - self.low
        share = (value - self.low) / extent if extent else 0.0
        return round(self.start + share * (self.end - self.start), self.digits)

    def clamped(self, value: float) -> float:
        """Return the place of a value; what lies outside the scale stands at its edge."""
        return self.place(min(max(value, self.low), self.high))


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Return the points as SVG writes them: as text, because a template would write a decimal comma in French."""
    return " ".join(f"{x},{y}" for x, y in points)
