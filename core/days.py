"""UTC days: which one is open, and how one is closed (docs/decisions/0001-schema.md, "When it was known").

Every transaction that writes a `known_on` calls `lock_open_day` first. It holds that day's lock shared, so
closing the day, which needs the lock alone, waits for it; whoever comes later finds the day closed and
takes the next. So what is known on a day never changes once the day is closed.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from core.db import locks
from core.models import ClosedDay

ONE_DAY = timedelta(days=1)
_BEGINNING = 0  # the number of the lock that guards the very first row


def utc_day(moment: datetime) -> date:
    # One calendar for everybody: a day that depends on the reader could not be closed.
    return moment.astimezone(UTC).date()


def last_closed() -> date | None:
    """Return the last closed day, or None before the installation's first day was noted."""
    return ClosedDay.objects.aggregate(last=Max("day"))["last"]


@transaction.atomic
def begin(now: datetime) -> None:
    """Note that the installation's first day is today, unless it began before."""
    locks.hold(locks.Space.DAY, [_BEGINNING])
    if last_closed() is None:
        ClosedDay.objects.create(day=utc_day(now) - ONE_DAY, closed_at=now)


def lock_open_day(now: datetime) -> date:
    """Return the day on which what is written now becomes known, and hold it open until the transaction ends.

    Call inside a transaction (READ COMMITTED), before writing. Two queries, two more for each day that was
    closed in between.
    """
    day = utc_day(now)
    while True:
        locks.hold(locks.Space.DAY, [day.toordinal()], shared=True)
        closed = last_closed()
        if closed is None or closed < day:
            return day
        day = closed + ONE_DAY


def due(now: datetime) -> Iterator[date]:
    """Yield, in order, the days that are over and not closed."""
    closed = last_closed()
    if closed is None:
        return
    day = closed + ONE_DAY
    while day < utc_day(now):
        yield day
        day += ONE_DAY


def close(day: date, now: datetime) -> bool:
    """Close the day, waiting for the transactions that still write into it; False if it was closed before.

    Call inside a transaction of its own. Raises ValueError when an earlier day is still open.
    """
    locks.hold(locks.Space.DAY, [day.toordinal()])
    closed = last_closed()
    if closed is not None and closed >= day:
        return False
    if closed is not None and closed + ONE_DAY != day:
        raise ValueError(f"{closed + ONE_DAY} must be closed before {day}")
    ClosedDay.objects.create(day=day, closed_at=now)
    return True
