"""Tables of a back-test: each column names what is shown, drawn beside it, and downloaded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.show import NOTHING, two_decimals
from core.web.charts.scale import Scale

# Units of the drawing; EDGE keeps points and bars off its border.
WIDTH, EDGE = 160, 6

Row = Mapping[str, Any]  # one entry of a list in the report (scoring.backtest.report)
Interval = Sequence[float]  # value, low, high


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
    is_number: bool
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Column:
    """`raw`: what the download holds of it, by the names of the file's columns."""

    head: str
    show: Callable[[Row], str]
    raw: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    figure: Callable[[Row], Figure | None] = lambda row: None
    is_number: bool = True

    def cell(self, row: Row) -> Cell:
        return Cell(self.show(row), self.is_number, self.figure(row))


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    text: str
    columns: Sequence[Column]
    data: Sequence[Row]
    is_shown: Callable[[Row], bool] = lambda row: True  # the download has every row
    note: str = ""  # instead of the text, where there is nothing to show
    more: str = ""  # beside the text

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Return each column's head, and whether numbers stand under it."""
        return [(column.head, column.is_number) for column in self.columns]

    @property
    def rows(self) -> list[list[Cell]]:
        return [[column.cell(row) for column in self.columns] for row in self.data if self.is_shown(row)]

    @property
    def raw_columns(self) -> list[str]:
        return [name for column in self.columns for name in column.raw]

    @property
    def raw_rows(self) -> Iterator[list[Any]]:
        for row in self.data:
            # Numbers as the report holds them: a spreadsheet cannot compute with "27.4 %".
            yield [value(row) for column in self.columns for value in column.raw.values()]


def raw(name: str, key: str | None = None) -> dict[str, Callable[[Row], Any]]:
    """Return a download's column with the row's entry of that name, or of `key`, as it is."""
    return {name: itemgetter(key or name)}


def raw_interval(name: str, key: str | None = None) -> dict[str, Callable[[Row], Any]]:
    """Return three columns: the value and its interval, empty where there is none."""

    def part(i: int) -> Callable[[Row], float | None]:
        return lambda row: None if row[key or name] is None else row[key or name][i]

    return {name: part(0), f"{name}_low": part(1), f"{name}_high": part(2)}


def spanned(interval: Interval, low: float, high: float, mark: float | None) -> Figure:
    place = Scale(low, high, EDGE, WIDTH - EDGE).clamped
    value, least, most = interval
    return Figure("range", place(value), place(least), place(most), None if mark is None else place(mark))


def bar(value: float, most: float, mark: float | None = None) -> Figure:
    length = Scale(0, most, 0, WIDTH - 2 * EDGE).place(value)
    return Figure("bar", length, mark=None if mark is None else Scale(0, most, EDGE, WIDTH - EDGE).place(mark))


def show_interval(interval: Interval | None, say: Callable[[float], str]) -> str:
    if interval is None:
        return NOTHING
    value, low, high = (say(number) for number in interval)
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def hundredths(points: float) -> str:
    return two_decimals(Decimal(str(points)))
