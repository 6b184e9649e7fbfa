"""What a record says has happened, and when time alone will change that. Pure: no database, no clock."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import orjson

from core import days


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a record. `part` tells a record's events apart; a day, in `at`, means its noon.

    `contact` and `author` are ids: somebody who is called otherwise later has not done anything else.
    """

    part: str
    name: str
    at: date | datetime
    properties: Mapping[str, object] = field(default_factory=dict)
    contact: int | None = None
    author: int | None = None

    @property
    def moment(self) -> datetime:
        return self.at if isinstance(self.at, datetime) else days.noon(self.at)

    @property
    def digest(self) -> str:
        """What differs when the record says something else than before."""
        at = self.at.astimezone(UTC) if isinstance(self.at, datetime) else self.at
        content = [self.name, at.isoformat(), self.properties, self.contact, self.author]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def has_come(at: date | datetime, today: date) -> bool:
    """Tell whether a day or an instant has come: what is later today has, what is tomorrow has not."""
    if isinstance(at, datetime):
        # Not by its day: an instant at the calendar's end has none in every zone.
        return at < days.start(today + days.ONE_DAY)
    return at <= today


def next_day(moments: Iterable[date | datetime | None], today: date) -> date | None:
    """Return the first day after today on which one of these comes, None when all have come."""
    ahead = [at for at in moments if at is not None and not has_come(at, today)]
    return min(map(_day, ahead), default=None)


def _day(at: date | datetime) -> date:
    if not isinstance(at, datetime):
        return at
    try:
        return days.business_day(at)
    except OverflowError:  # within hours of the calendar's end
        return date.max
