"""An instant as senders write it: ISO 8601 and what comes close to it, dates of mails, epoch numbers.

What could be read in two ways (02/03/2026, PST, 10 PM, small numbers) is no instant.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

EXAMPLES = "Examples: 2026-01-31T12:00:00Z, or 1769860800000 (milliseconds since 1970)."
LONGEST = 100  # characters; Go's and JavaScript's longest forms have some 70
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# An epoch number counts as such when it lies in 2000 to 2099. These ranges do not overlap, so that the size tells
# the unit; smaller numbers would be minutes after 1970 in the one and years in the other.
_FROM, _UNTIL = 946_684_800, 4_102_444_800
_PER_SECOND = (1, 1_000, 1_000_000, 1_000_000_000)

_ZONE = r"""
    (?: (?:UTC|GMT|UT)? (?P<offset>[+-]\d\d(?::?\d\d)?) | UTC|GMT|UT|Z )
"""
_CLOCK = r"""
    (?P<hour>\d\d) : (?P<minute>\d\d) (?: : (?P<second>\d\d) (?: [.,] (?P<fraction>\d+) )? )?
"""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_DAY_NAME = "(?:mon|tue|wed|thu|fri|sat|sun)"
# After the offset: Go's name of the zone and its monotonic clock, Java's name of the zone, JavaScript's.
_AFTER = r"""
    (?: \ (?!AM|PM)(?:[A-Z]{1,5}|[+-]\d\d(?:\d\d)?) )? (?: \ m=[+-]\d+(?:\.\d+)? )?
    (?: \[[\w/+-]+\] )? (?: \ \([^()]*\) )?
"""
_FORMS = [
    re.compile(form, re.VERBOSE | re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?P<year>\d{{4}}) - (?P<month>\d\d) - (?P<day>\d\d) (?: T | \ + ) {_CLOCK} (?: \ * {_ZONE} {_AFTER} )?",
        rf"(?P<year>\d{{4}}) (?P<month>\d\d) (?P<day>\d\d) (?: (?: T | \ ) (?P<hour>\d\d) (?P<minute>\d\d)"
        rf" (?: (?P<second>\d\d) (?: [.,] (?P<fraction>\d+) )? )? (?: \ * {_ZONE} {_AFTER} )? )?",
        # RFC 2822: Sat, 28 Nov 2026 22:46:35 +0100
        rf"(?: {_DAY_NAME} ,? \ + )? (?P<day>\d\d?) [ -] {_MONTH} [ -] (?P<year>\d{{4}}) \ + {_CLOCK}"
        rf" \ * {_ZONE} {_AFTER}",
        # JavaScript's Date: Sat Nov 28 2026 22:46:35 GMT+0100 (Central European Standard Time)
        rf"{_DAY_NAME} \ {_MONTH} \ (?P<day>\d\d) \ (?P<year>\d{{4}}) \ {_CLOCK} \ {_ZONE} {_AFTER}",
        # Java's, and the command date: Sat Nov 28 22:46:35 UTC 2026
        rf"{_DAY_NAME} \ {_MONTH} \ + (?P<day>\d\d?) \ {_CLOCK} \ {_ZONE} \ (?P<year>\d{{4}})",
    )
]
_NUMBER = re.compile(r"\d{9,19}(\.\d+)?", re.ASCII)
_WEEK = re.compile(r"\d{4}-?W\d\d(?:-?\d)?(?:[T ].+)?", re.ASCII)  # 2026-W01: Python's own reading knows them
_USUAL_SEPARATORS = frozenset(("", "T", " "))


class NoInstant(ValueError):
    """This is no instant, or one that could be read in two ways."""


def read(value: object) -> datetime:
    """Return the instant in UTC, to the microsecond; without a zone it is UTC's. Raises NoInstant and nothing else.

    A leap second (:60) is the second after :59, and 24:00 is 0:00 of the next day.
    """
    try:
        if not isinstance(value, str):
            return _from_number(value)
        # The way of nearly all. Without the two looks Python takes any character between date and time, and reads
        # 1781121500123, milliseconds of 2026, as the year 1781.
        if value[4:5] == "-" and value[10:11] in _USUAL_SEPARATORS:
            try:
                return _in_utc(datetime.fromisoformat(value))
            except ValueError:
                return _from_text(value)
        return _from_text(value)
    except (ValueError, OverflowError):
        raise NoInstant from None


def _from_text(text: str) -> datetime:
    text = text.strip()
    if len(text) > LONGEST:
        raise NoInstant
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _from_parts(found.groupdict())
    if number := _NUMBER.fullmatch(text):
        return _from_epoch(float(text) if number[1] else int(text))
    if _WEEK.fullmatch(text):
        return _in_utc(datetime.fromisoformat(text))
    raise NoInstant


def _from_parts(parts: dict[str, str | None]) -> datetime:
    """Raises ValueError and OverflowError for what no calendar and no clock has."""
    month = parts["month"] or ""
    number = int(month) if month.isdecimal() else _MONTHS.index(month.lower()) + 1
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    micro = int((parts["fraction"] or "")[:6].ljust(6, "0"))
    later = timedelta(0)
    if second == 60:
        second, later = 59, timedelta(seconds=1)
    if hour == 24 and not (minute or second or micro or later):
        hour, later = 0, timedelta(days=1)
    day = int(parts["day"] or 0)
    zone = _zone(parts["offset"])
    return (datetime(int(parts["year"] or 0), number, day, hour, minute, second, micro, zone) + later).astimezone(UTC)


def _zone(offset: str | None) -> timezone:
    if not offset:
        return UTC
    digits = offset[1:].replace(":", "")
    minutes = int(digits[2:] or 0)
    if minutes > 59:
        raise NoInstant
    distance = timedelta(hours=int(digits[:2]), minutes=minutes)
    return timezone(-distance if offset[0] == "-" else distance)


def _from_number(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NoInstant
    return _from_epoch(value)


def _from_epoch(number: float) -> datetime:
    """Return the instant of so many seconds, milliseconds, microseconds or nanoseconds since 1970."""
    for per_second in _PER_SECOND:
        # NaN and the infinities lie in no range.
        if _FROM * per_second <= number < _UNTIL * per_second:
            exact = isinstance(number, int)
            micros = number * 1_000_000 // per_second if exact else round(number * (1_000_000 / per_second))
            return _EPOCH + timedelta(microseconds=micros)
    raise NoInstant


def _in_utc(moment: datetime) -> datetime:
    zone = moment.tzinfo
    if zone is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if zone is None else moment.astimezone(UTC)
