"""Cells and figures of a back-test's tables: what is shown, and beside it what is downloaded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.charts.scale import Scale
from core.templatetags.show import NOTHING, two_decimals

WIDTH, EDGE = 160, 6


@dataclass(frozen=True, slots=True)
class Figure:
    """An interval as a line with a point on it, or a bar; the cell beside it says the same in words."""

    kind: str  # range, bar
    x: float
    low: float = 0.0
    high: float = 0.0
    mark: float | None = None  # where chance, or everybody's share, is


@dataclass(frozen=True, slots=True)
class Cell:
    shown: str
    is_number: bool = True
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    text: str
    columns: list[str]
    rows: list[list[Cell]]
    raw_columns: list[str]
    raw_rows: list[list[Any]] = field(repr=False)
    note: str = ""  # instead of the text, where there is nothing to show
    more: str = ""  # beside the text

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Return each column's head, and whether numbers stand under it."""
        numbers = [cell.is_number for cell in self.rows[0]] if self.rows else [False] * len(self.columns)
        return list(zip(self.columns, numbers, strict=True))


def spanned(interval: list[float], low: float, high: float, mark: float | None) -> Figure:
    place = Scale(low, high, EDGE, WIDTH - EDGE).clamped
    value, least, most = interval
    return Figure("range", place(value), place(least), place(most), None if mark is None else place(mark))


def bar(value: float, most: float, mark: float | None = None) -> Figure:
    length = Scale(0, most, 0, WIDTH - 2 * EDGE).place(value)
    return Figure("bar", length, mark=None if mark is None else Scale(0, most, EDGE, WIDTH - EDGE).place(mark))


def interval(interval: list[float] | None, say: Callable[[float], str]) -> str:
    if interval is None:
        return NOTHING
    value, low, high = (say(one) for one in interval)
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def raw(interval: list[float] | None) -> list[float | None]:
    return [None, None, None] if interval is None else list(interval)


def hundredths(points: float) -> str:
    return two_decimals(Decimal(str(points)))
