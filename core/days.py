"""Days of the company: which one is open, and how one is closed (docs/decisions/0001-schema.md, "When it was known").

Every transaction that writes a `known_on` calls `lock_open_day` first. It holds that day's lock shared, so
closing the day, which needs the lock alone, waits for it; whoever comes later finds the day closed and
takes the next. So what is known on a day never changes once the day is closed.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from core.db import direct, locks
from core.models import Calendar, ClosedDay

ONE_DAY = timedelta(days=1)
NOON = time(12)
_BEGINNING = 0  # the number of the lock that guards the very first row


class OtherZone(Exception):
    """The stored days are of another zone than the setting's; the message says what to do."""


def zone() -> ZoneInfo:
    """Return the zone whose calendar everybody's days are of: one that depends on the reader could not be closed."""
    return ZoneInfo(settings.BUSINESS_TIME_ZONE)


def business_day(moment: datetime) -> date:
    """Return the day of the company that an instant is on."""
    return moment.astimezone(zone()).date()


def start(day: date) -> datetime:
    """Return the instant at which a day begins, also where a change of the clocks leaves its midnight out."""
    return datetime.combine(day, time.min, zone())


def noon(day: date) -> datetime:
    """Return when something happened of which only the day is known: far from both ends of it."""
    return datetime.combine(day, NOON, zone())


def within(field: str, since: date | None, until: date | None) -> Q:
    """Return the condition that an instant lies within these days, both included; None leaves an end open."""
    condition = Q() if since is None else Q(**{f"{field}__gte": start(since)})
    # The last day of Python's calendar has no day after it.
    return condition if until in (None, date.max) else condition & Q(**{f"{field}__lt": start(until + ONE_DAY)})


def last_closed() -> date | None:
    """Return the last closed day, or None before the installation's first day was noted."""
    return ClosedDay.objects.aggregate(last=Max("day"))["last"]


@transaction.atomic
def settle_zone(*, has_events: bool, way_out: str = "") -> None:
    """Note which zone the days are of; another one than before is taken until there are events.

    Raises OtherZone. `way_out` says how another zone can be taken all the same.
    """
    locks.hold(locks.Space.DAY, [_BEGINNING])
    other = other_zone()
    if other is not None and has_events:
        raise OtherZone(
            f"BUSINESS_TIME_ZONE is {settings.BUSINESS_TIME_ZONE}, but what is stored was counted by the days of "
            f"{other}, and a day cannot be counted again. Set BUSINESS_TIME_ZONE={other}; another zone "
            f"{way_out or 'can be chosen in an installation that has no events yet.'}"
        )
    Calendar.objects.update_or_create(pk=1, defaults={"zone": settings.BUSINESS_TIME_ZONE})


def other_zone() -> str | None:
    """Return the zone that the stored days are of, where it is not the setting's. One query."""
    stored = Calendar.objects.first()
    return None if stored is None or stored.zone == settings.BUSINESS_TIME_ZONE else stored.zone


@transaction.atomic
def begin(now: datetime) -> None:
    """Note that the installation's first day is today, and whose day that is, unless it began before."""
    locks.hold(locks.Space.DAY, [_BEGINNING])
    if last_closed() is None:
        Calendar.objects.get_or_create(pk=1, defaults={"zone": settings.BUSINESS_TIME_ZONE})
        ClosedDay.objects.create(day=business_day(now) - ONE_DAY, closed_at=now)


def lock_open_day(now: datetime) -> date:
    """Return the day on which what is written now becomes known, and hold it open until the transaction ends.

    Call inside a transaction (READ COMMITTED), before writing. Two queries, two more for each day that was
    closed in between.
    """
    day = business_day(now)
    while True:
        locks.hold(locks.Space.DAY, [day.toordinal()], shared=True)
        closed = last_closed()
        if closed is None or closed < day:
            return day
        day = closed + ONE_DAY


def ask_open(day: date) -> direct.Answer:
    """Begin what `lock_open_day` does in a pipeline (core.db.direct); `opened` takes the answer."""
    locks.ask_shared(locks.Space.DAY, day.toordinal())
    # A statement of its own, which sees what was committed while the lock was waited for.
    return direct.execute("SELECT max(day) FROM core_closedday")


def opened(answer: direct.Answer, day: date, now: datetime) -> date:
    """Return the day that is open, which is nearly always the one that was asked for."""
    row = answer.fetchone()
    closed = row[0] if row else None
    return day if closed is None or closed < day else lock_open_day(now)


def due(now: datetime) -> Iterator[date]:
    """Yield, in order, the days that are over and not closed; none in another zone, where others would be over."""
    closed = last_closed()
    if closed is None or other_zone() is not None:
        return
    day = closed + ONE_DAY
    while day < business_day(now):
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
