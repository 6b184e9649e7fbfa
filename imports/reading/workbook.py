"""A sheet of a workbook as rows of text, read by a process of its own (imports.reading.cage)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from imports.problems import Unreadable
from imports.reading import cage, limits
from imports.reading.line import Line

MAGIC = b"PK\x03\x04"
OLD_MAGIC = b"\xd0\xcf\x11\xe0"  # workbooks before 2007, and those with a password
OTHER_ARCHIVES = (b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b")  # an empty one, a piece of one, gzip


@dataclass(frozen=True, slots=True)
class Sheet:
    sheets: list[str]  # the names of those a person sees
    name: str  # of the one that is read
    lines: Iterator[Line]  # all its rows; `number` is the sheet's own


@contextmanager
def opened(blocks: Iterable[bytes], sheet: str = "") -> Iterator[Sheet]:
    """Open the sheet of this name, else the first that has rows below its head, else the first.

    Raises Unreadable, as `lines` does; whatever ends the process that reads is one, too.
    """
    with cage.output(blocks, sheet) as output:
        values = _values(output)
        match next(values):
            case {"sheets": [str(), *_] as names, "sheet": str(name)} if name in names:
                yield Sheet(names, name, _lines(values))
            case other:
                raise _unexpected(other)


def _values(output: Iterator[bytes]) -> Iterator[Any]:
    """Yield what the process says. Raises Unreadable where it refuses the file, fails or says what is no JSON."""
    try:
        for line in output:
            value = orjson.loads(line)
            if isinstance(value, dict) and "refused" in value:
                raise _refusal(value)
            yield value
    except (cage.Failed, orjson.JSONDecodeError) as failure:
        raise _unexpected(failure) from failure


def _lines(values: Iterator[Any]) -> Iterator[Line]:
    for number, value in enumerate(values, 1):
        match value:
            case None:
                return
            case "long cell" | "many cells":
                yield Line(number, problem=value)
            case list() if number <= limits.MOST_SHEET_CELLS and all(type(cell) is str for cell in value):
                yield Line(number, value)
            case _:
                raise _unexpected(value)


def _refusal(value: dict[str, Any]) -> Unreadable:
    match value:
        case {"refused": "old workbook" | "broken workbook" as code}:
            return Unreadable(code)
        case {"refused": "large sheet"}:
            return Unreadable("large sheet", most=limits.MOST_SHEET_CELLS)
        case {"refused": "long line", "line": int(line)}:
            return Unreadable("long line", line=line, most=limits.LONGEST_LINE)
    return _unexpected(value)


def _unexpected(what: object) -> Unreadable:
    """Return the one sentence for all that a workbook may do to its reader, and tell the log what it was."""
    cage.logger.warning("The process that reads a workbook failed: %.200r", what)
    return Unreadable("heavy workbook")
