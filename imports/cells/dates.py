"""Days and times as people and programs write them. Pure; what cannot be read is None."""

import re
from datetime import UTC, date, datetime, time

from core import days
from imports.cells.formats import DAY_FIRST, NUMERIC_DAY, Formats

_YEAR_FIRST = re.compile(r"(\d{4})([./-]?)(\d{2})\2(\d{2})(?!\d)")
_CLOCK = re.compile(r"[T ,]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?\s*([AaPp]\.?[Mm]\.?)?")


def iso(cell: str) -> datetime | None:
    """Return an ISO 8601 instant in UTC; one without a zone is of the company's."""
    try:
        at = datetime.fromisoformat(cell)
        return (at if at.tzinfo else at.replace(tzinfo=days.zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_at_start(cell: str, formats: Formats) -> tuple[date | None, str]:
    """Return the day a cell begins with, and the rest of the cell."""
    if match := _YEAR_FIRST.match(cell):
        year, month, number = int(match[1]), int(match[3]), int(match[4])
    elif match := NUMERIC_DAY.match(cell):
        first, second = int(match[1]), int(match[3])
        # Two digits mean this century: events, contracts and invoices are no older.
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        # With points nobody writes the month first.
        number, month = (first, second) if formats.day == DAY_FIRST or match[2] == "." else (second, first)
    else:
        return None, ""
    try:
        return date(year, month, number), cell[match.end() :].strip()
    except ValueError:
        return None, ""


def time_of_day(rest: str) -> time | None:
    """Return a time such as 14:30, 14:30:00 or 2:30 pm."""
    match = _CLOCK.fullmatch(rest)
    if match is None:
        return None
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4][0] in "Pp" else 0)
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None
