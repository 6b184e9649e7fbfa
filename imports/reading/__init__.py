"""Reads files into rows of text, whichever program wrote them: encodings, separators, workbooks; memory stays bounded.

A file is an iterable of blocks of bytes that can be gone through more than once.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice

from imports.problems import Unreadable
from imports.reading import delimited, encodings, limits, workbook
from imports.reading.line import Line, is_blank, take

__all__ = ["Inspected", "Line", "Shape", "inspect", "lines", "take"]

Blocks = Iterable[bytes]
SAMPLES = 5
XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the file is to be read: by encoding and separator, or the sheet of a workbook."""

    encoding: str = XLSX
    separator: str = ""
    sheet: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Inspected:
    shape: Shape
    headers: list[str]
    samples: list[list[str]]
    sheets: list[str]  # of a workbook


def inspect(blocks: Blocks, sheet: str = "") -> Inspected:
    """Find out how to read the file; return its headers and first rows. Raises Unreadable.

    Of a workbook `sheet` is read, else the first that has rows.
    """
    with _opened(blocks, sheet) as (shape, sheets, read):
        rows = _filled(read)
        first = next(rows, None)
        if first is None:
            raise Unreadable("empty file")
        _refuse_unfit(first)
        samples = [line.cells for line in islice(rows, SAMPLES)]
    if not samples:
        raise Unreadable("only a header")
    return Inspected(shape, [cell.strip() for cell in first.cells], samples, sheets)


def lines(blocks: Blocks, shape: Shape) -> Generator[Line]:
    """Yield the lines that are not blank, the header first. Raises Unreadable. Close it: a process may read for it."""
    if shape.encoding == XLSX:
        with workbook.opened(blocks, shape.sheet) as book:
            yield from _filled(book.lines)
    else:
        yield from _filled(_text(blocks, shape))


@contextmanager
def _opened(blocks: Blocks, sheet: str) -> Iterator[tuple[Shape, list[str], Iterator[Line]]]:
    head = next(iter(blocks), b"")
    if head.startswith(workbook.MAGIC):
        with workbook.opened(blocks, sheet) as book:
            yield Shape(sheet=book.name), book.sheets, book.lines
        return
    if head.startswith(workbook.OLD_MAGIC):
        raise Unreadable("old workbook")
    if head.startswith(workbook.OTHER_ARCHIVES):
        raise Unreadable("broken workbook")
    encoding = encodings.detect(blocks)
    shape = Shape(encoding, delimited.separator(encodings.text_lines(blocks, encoding)))
    yield shape, [], _text(blocks, shape)


def _text(blocks: Blocks, shape: Shape) -> Iterator[Line]:
    return delimited.lines(encodings.text_lines(blocks, shape.encoding), shape.separator)


def _filled(read: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines that are not blank. Raises Unreadable where there are too many."""
    # Counted while reading: a file does not say how many rows it has.
    for count, line in enumerate(line for line in read if line.problem or not is_blank(line.cells)):
        if count > limits.MOST_ROWS:
            raise Unreadable("too many rows", most=limits.MOST_ROWS)
        yield line


def _refuse_unfit(header: Line) -> None:
    if header.problem == "many cells":
        raise Unreadable("too many columns", most=limits.MOST_COLUMNS)
    if header.problem:
        raise Unreadable("bad header", line=header.number)
    places: dict[str, int] = {}
    for number, name in enumerate(map(str.strip, header.cells), 1):
        if "\0" in name:
            raise Unreadable("bad header", line=1)
        same = name.casefold()
        if name and same in places:
            raise Unreadable("same header", header=name, first=places[same], second=number)
        places[same] = number
