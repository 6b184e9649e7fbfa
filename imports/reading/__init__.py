"""Reads files into rows of text, whichever program wrote them: encodings, separators, workbooks; memory stays bounded.

A file is an iterable of blocks of bytes that can be gone through more than once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from imports.problems import Unreadable
from imports.reading import delimited, encodings, limits, workbook
from imports.reading.line import Line, is_blank

__all__ = ["Inspected", "Line", "Shape", "inspect", "lines"]

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
    shape, sheets = _shape(blocks, sheet)
    read = lines(blocks, shape)
    first = next(read, None)
    if first is None:
        raise Unreadable("empty file")
    if first.problem:
        raise Unreadable("bad header", line=first.number)
    headers = [cell.strip() for cell in first.cells]
    _refuse_unfit(headers)
    samples = [line.cells for line, _ in zip(read, range(SAMPLES), strict=False)]
    if not samples:
        raise Unreadable("only a header")
    return Inspected(shape, headers, samples, sheets)


def lines(blocks: Blocks, shape: Shape) -> Iterator[Line]:
    """Yield the lines that are not blank, the header first. Raises Unreadable."""
    read = (
        workbook.lines(blocks, shape.sheet)
        if shape.encoding == XLSX
        else delimited.lines(encodings.text_lines(blocks, shape.encoding), shape.separator)
    )
    # Counted while reading: a file does not say how many rows it has.
    for count, line in enumerate(line for line in read if line.problem or not is_blank(line.cells)):
        if count > limits.MOST_ROWS:
            raise Unreadable("too many rows", most=limits.MOST_ROWS)
        yield line


def _shape(blocks: Blocks, sheet: str) -> tuple[Shape, list[str]]:
    head = next(iter(blocks), b"")
    if head.startswith(workbook.MAGIC):
        sheets, first = workbook.sheets(blocks)
        return Shape(sheet=sheet if sheet in sheets else first), sheets
    if head.startswith(workbook.OLD_MAGIC):
        raise Unreadable("old workbook")
    encoding = encodings.detect(blocks)
    return Shape(encoding, delimited.separator(encodings.text_lines(blocks, encoding))), []


def _refuse_unfit(headers: list[str]) -> None:
    if len(headers) > limits.MOST_COLUMNS:
        raise Unreadable("too many columns", most=limits.MOST_COLUMNS, found=len(headers))
    places: dict[str, int] = {}
    for number, header in enumerate(headers, 1):
        if "\0" in header:
            raise Unreadable("bad header", line=1)
        same = header.casefold()
        if header and same in places:
            raise Unreadable("same header", header=header, first=places[same], second=number)
        places[same] = number
