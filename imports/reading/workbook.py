"""A sheet of an XLSX workbook as rows of text. What it would unpack to is measured before it is opened."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from imports.problems import Unreadable
from imports.reading import limits
from imports.reading.line import Line

MAGIC = b"PK\x03\x04"
OLD_MAGIC = b"\xd0\xcf\x11\xe0"  # workbooks before 2007, and those with a password
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,7})["']""")  # of a cell, or without letters of a row
_UNPLACED = re.compile(rb"<c(?:[>/]|\s+(?!r\b))")  # a cell may leave out its place: it stands beside the last
_STEP = 1 << 20


def sheets(blocks: Iterable[bytes]) -> tuple[list[str], str]:
    """Return the names of the sheets a person sees, and which of them is the first with rows below its head.

    None has any: the first of all. Raises Unreadable.
    """
    with _opened(blocks) as workbook:
        tables = [table for table in workbook.sheets_metadata if table.typ == SheetTypeEnum.WorkSheet]
        visible = [table for table in tables if table.visible == SheetVisibleEnum.Visible]
        names = [table.name for table in visible or tables]
        filled = (name for name in names if workbook.get_sheet_by_name(name).height > 1)
        return names, next(filled, names[0])


def lines(blocks: Iterable[bytes], name: str) -> Iterator[Line]:
    """Yield the rows of the sheet, "" for the first; `number` is the sheet's own. Raises Unreadable."""
    with _opened(blocks) as workbook:
        sheet: CalamineSheet = workbook.get_sheet_by_name(name) if name else workbook.get_sheet_by_index(0)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_text(cell) for cell in row]
        too_long = any(len(cell) > limits.LONGEST_CELL for cell in cells)
        yield Line(number, [] if too_long else cells, "long cell" if too_long else "")


@contextmanager
def _opened(blocks: Iterable[bytes]) -> Iterator[CalamineWorkbook]:
    """Open a workbook that fits. Whatever is wrong with it, or with what is looked for in it, raises Unreadable."""
    # An archive is read from its end, so it has to be in memory whole; MOST_BYTES bounds it.
    body = b"".join(blocks)
    _measure(body)
    try:
        yield CalamineWorkbook.from_filelike(io.BytesIO(body))
    except PasswordError:
        raise Unreadable("old workbook") from None
    except (CalamineError, ZipError, IndexError, ValueError):
        raise Unreadable("broken workbook") from None


def _measure(body: bytes) -> None:
    """Raise Unreadable for a workbook that would not fit: unpacked as a stream, whatever its directory says."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable("broken workbook") from None
    left = limits.MOST_UNPACKED
    for entry in entries:
        is_sheet = entry.filename.lower().startswith("xl/worksheets/")
        left -= _unpacked(body, entry, left, is_sheet=is_sheet)


def _unpacked(body: bytes, entry: zipfile.ZipInfo, left: int, *, is_sheet: bool) -> int:
    size, area = 0, _Area()
    for part in _parts(body, entry):
        size += len(part)
        if size > left:
            raise Unreadable("large workbook", most=limits.MOST_UNPACKED // 1_000_000)
        if is_sheet:
            area.add(part)
            if area.cells > limits.MOST_SHEET_CELLS:
                raise Unreadable("large sheet", most=limits.MOST_SHEET_CELLS)
    return size


class _Area:
    """The rectangle that holds all of a sheet's cells: one far corner is enough to make it huge."""

    def __init__(self) -> None:
        self._columns = self._rows = self._counted = self._in_row = 0
        self._tail = b""

    def add(self, part: bytes) -> None:
        for letters, number in _PLACE.findall(self._tail + part):
            self._columns, self._rows = max(self._columns, _column(letters)), max(self._rows, int(number))
        counts = [len(_UNPLACED.findall(row)) for row in part.split(b"<row")]
        counts[0] += self._in_row
        self._in_row, self._counted = counts[-1], self._counted + len(counts) - 1
        self._columns, self._rows = max(self._columns, *counts), max(self._rows, self._counted)
        # A place may be cut by the end of the piece.
        self._tail = part[-20:]

    @property
    def cells(self) -> int:
        return self._columns * self._rows


def _parts(body: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry's content by pieces of a megabyte at most."""
    try:
        _magic, name, extra = _LOCAL_HEADER.unpack_from(body, entry.header_offset)
    except struct.error:
        raise Unreadable("broken workbook") from None
    start = entry.header_offset + _LOCAL_HEADER.size + name + extra
    packed = body[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (packed[i : i + _STEP] for i in range(0, len(packed), _STEP))
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _STEP)
            packed = inflate.unconsumed_tail
    except zlib.error:
        raise Unreadable("broken workbook") from None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(value: Any) -> str:
    """Write a cell as a person would type it: whole numbers without a point, days and times as ISO."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) <= 2**53 else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
