"""Lines of text into cells: the separator found by looking, quotation marks as spreadsheets write them."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice

from imports.reading import limits
from imports.reading.line import Line

SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 50  # lines


def separator(lines: Iterable[str]) -> str:
    """Return the separator that cuts the first lines into the most equal rows of more than one cell."""
    head = list(islice(lines, _LOOKED_AT))
    return max(SEPARATORS, key=lambda candidate: _fit(head, candidate))


def lines(text: Iterable[str], separator: str) -> Iterator[Line]:
    """Yield every line, also the blank; one that cannot be taken apart says why and costs no other."""
    reader = csv.reader(text, delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # the module's own limit on a cell: usually a quotation mark that never closes
            yield Line(reader.line_num, problem="long cell")
        else:
            too_long = any(len(cell) > limits.LONGEST_CELL for cell in cells)
            yield Line(reader.line_num, [] if too_long else cells, "long cell" if too_long else "")


def _fit(head: list[str], separator: str) -> tuple[bool, float, int]:
    try:
        widths = [len(row) for row in csv.reader(head, delimiter=separator) if row]
    except csv.Error:
        return (False, 0.0, 0)
    if not widths:
        return (False, 0.0, 0)
    # Equal rows count more than many cells: a comma in prices cuts unevenly.
    return (widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0])
