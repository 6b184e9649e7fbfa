"""Reads a workbook in a process of its own, which may run out of memory or crash: nobody else feels it.

A program, started by `imports.reading.cage`; it imports nothing of Rapport, so that it starts in twenty milliseconds.

Arguments: the folder of the package that reads workbooks. Standard input: the request, JSON: `file`, the number of the
open file; `sheet`, the name of the sheet to read; `memory` in bytes, `seconds` of processor time, and the limits of
`imports.reading.limits`. Standard output, one JSON value a line: first an object, `sheets` (the names of those a person
sees) and `sheet` (the one that is read: the one asked for, else the first with rows below its head, else the first);
then for each row an array of texts, or the name of its problem; at the end `null`. Wherever the file cannot be used, an
object ends the output: `refused`, a name of `imports.problems.FILE`, and `line`, the row for which it is.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

LONGEST_NAME = 255  # characters of a sheet's name; spreadsheets allow 31
MOST_SHEETS = 1_000


class Refused(Exception):
    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


def main() -> None:
    sys.path.append(sys.argv[1])
    import python_calamine

    request = json.load(sys.stdin)
    _lock_in(request["memory"], request["seconds"])
    try:
        # Opened by its number: the process may open nothing else.
        with os.fdopen(request["file"], "rb") as file:
            for values in _values(python_calamine, file, request):
                _write(values)
    except Refused as refusal:
        _write({"refused": refusal.code, "line": refusal.line})
    except MemoryError:
        os._exit(1)
    except python_calamine.PasswordError:
        _write({"refused": "old workbook"})
    except BaseException:  # a Rust panic is no Exception
        _write({"refused": "broken workbook"})
    sys.stdout.flush()


def _lock_in(memory: int, seconds: int) -> None:
    """Give up, for good, whatever reading a file does not need."""
    # Whoever started us ends us, or closes the pipe: a signal to a whole service must not look like a broken file.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (score := Path("/proc/self/oom_score_adj")).exists():  # Linux: where memory is short, end this one first
        score.write_text("1000")
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),  # what is open stays; no file, no socket comes
    ):
        hard = resource.getrlimit(limit)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (least, least))
        except ValueError:  # macOS knows no limit of memory
            if sys.platform != "darwin":
                raise


def _values(calamine: Any, file: Any, request: dict[str, Any]) -> Iterator[Any]:
    workbook = calamine.CalamineWorkbook.from_filelike(file)
    names = _names(calamine, workbook)
    sheet = _sheet(workbook, names, request["sheet"])
    if (sheet.total_height + 1) * (sheet.total_width + 1) > request["cells"]:
        raise Refused("large sheet")
    yield {"sheets": names, "sheet": sheet.name}
    text = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_text(cell) for cell in row]
        length = sum(map(len, cells))
        if length > request["longest_line"]:
            raise Refused("long line", number)
        # The same long text in a million cells is a small file.
        if (text := text + length) > request["text"]:
            raise Refused("heavy workbook")
        yield _problem(cells, request) or cells
    yield None


def _names(calamine: Any, workbook: Any) -> list[str]:
    tables = [table for table in workbook.sheets_metadata if table.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [table for table in tables if table.visible == calamine.SheetVisibleEnum.Visible]
    names = [table.name for table in visible or tables]
    if not 0 < len(names) <= MOST_SHEETS or any("\0" in name or len(name) > LONGEST_NAME for name in names):
        raise Refused("broken workbook")
    return names


def _sheet(workbook: Any, names: list[str], wanted: str) -> Any:
    if wanted in names:
        return workbook.get_sheet_by_name(wanted)
    sheets = (workbook.get_sheet_by_name(name) for name in names)
    return next((sheet for sheet in sheets if sheet.height > 1), None) or workbook.get_sheet_by_name(names[0])


def _problem(cells: list[str], request: dict[str, Any]) -> str:
    if len(cells) > request["columns"]:
        return "many cells"
    return "long cell" if any(len(cell) > request["longest_cell"] for cell in cells) else ""


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


def _write(value: Any) -> None:
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


if __name__ == "__main__":
    main()
