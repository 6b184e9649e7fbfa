"""Lines of text into cells: the separator found by looking, quotation marks as spreadsheets write them."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice

from imports.problems import Unreadable
from imports.reading import limits
from imports.reading.line import Line

SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 50  # lines


def separator(lines: Iterable[str]) -> str:
    """Return the separator that cuts the first lines into the most equal rows of more than one cell."""
    head = list(_first(lines))
    return max(SEPARATORS, key=lambda candidate: _fit(head, candidate))


def lines(text: Iterable[str], separator: str) -> Iterator[Line]:
    """Yield every line, also the blank; one that cannot be taken apart says why and costs no other.

    Raises Unreadable for a row longer than a line may be: its cells may hold line ends, so it might be the whole file.
    """
    row = _Row(text)
    reader = csv.reader(row, delimiter=separator)
    while True:
        row.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # the module's own limit on a cell: usually a quotation mark that never closes
            yield Line(reader.line_num, problem="long cell")
        else:
            problem = _problem(cells)
            yield Line(reader.line_num, [] if problem else cells, problem)


class _Row:
    """The lines of text as csv asks for them, counted anew for each row."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text, self._number, self._length = iter(text), 0, 0

    def begin(self) -> None:
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self._number, self._length = self._number + 1, self._length + len(line)
        if self._length > limits.LONGEST_LINE:
            raise Unreadable("long line", line=self._number, most=limits.LONGEST_LINE)
        return line


def _problem(cells: list[str]) -> str:
    if len(cells) > limits.MOST_COLUMNS:
        return "many cells"
    return "long cell" if any(len(cell) > limits.LONGEST_CELL for cell in cells) else ""


def _first(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first lines: fewer where they are long."""
    length = 0
    for line in islice(lines, _LOOKED_AT):
        yield line
        if (length := length + len(line)) > limits.LONGEST_LINE:
            return


def _fit(head: list[str], separator: str) -> tuple[bool, float, int]:
    try:
        widths = [len(row) for row in csv.reader(head, delimiter=separator) if row]
    except csv.Error:
        return (False, 0.0, 0)
    if not widths:
        return (False, 0.0, 0)
    # Equal rows count more than many cells: a comma in prices cuts unevenly.
    return (widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0])
