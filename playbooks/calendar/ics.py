"""Writes calendars as RFC 5545 has them. Pure: no Django, no clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets in a line, without its end
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something on a whole day. `uid` names it for ever: a changed day moves it, and makes no second one."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[DayEvent], *, now: datetime) -> str:
    """Return the calendar, with line ends and folds as the standard asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rapport//Tasks and renewals//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
        # How often a program should come again; both names are in use.
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for event in events:
        lines += _event(event, now)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def text(value: str) -> str:
    """Escape what would end a value or a line; other control characters have no place in a calendar."""
    printable = "".join(letter for letter in value if letter >= " " or letter in "\n\t")
    return printable.translate(_ESCAPED)


def folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most LONGEST octets, letters kept whole; later parts begin with a space."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part


def _event(event: DayEvent, now: datetime) -> list[str]:
    # The day after, which is not part of it any more. The calendar of Python ends one day too early for that.
    end = event.day + timedelta(days=1) if event.day < date.max else None
    return [
        "BEGIN:VEVENT",
        f"UID:{text(event.uid)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        *([f"DTEND;VALUE=DATE:{end:%Y%m%d}"] if end else []),
        f"SUMMARY:{text(event.summary)}",
        *([f"DESCRIPTION:{text(event.description)}"] if event.description else []),
        # A URI is no text: it is written as it is.
        *([f"URL:{event.url}"] if event.url else []),
        # Whoever has something to do on a day is not away.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
