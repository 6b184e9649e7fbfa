"""How each closed day's history splits by engagement band: added up once, so that no page adds up a year of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from core import days
from core.db import locks
from core.jobs import periodic
from core.models import Run
from scoring.models import DayShare

HISTORY = "history"  # scoring.runs.history.JOB: that module calls this one
JOB = "day-shares"  # a row for each day that is added up
SPAN = 366  # days that pages show
MOST = 100  # days in one round, so that the year of an upgrade does not keep a worker from others
_LOCK = 5  # the job "add up a day"

_ADD_UP = """
    SELECT day, model_id, engagement_band, count(*) FROM scoring_scorehistory WHERE day = %s GROUP BY 1, 2, 3
"""
_INSERT = f"INSERT INTO scoring_dayshare (day, model_id, engagement_band, customers) {_ADD_UP}"


def add_up(*, now: datetime) -> int:
    """Add up the closed days whose history is written; return how many. Those that are added up stay."""
    done = 0
    for day in _due(days.business_day(now)):
        if done == MOST:
            break
        with transaction.atomic():
            # One at a time, and not while history is written again: what was read before would stand for good.
            locks.hold(locks.Space.JOB, [_LOCK])
            if periodic.is_done(JOB, day.isoformat()):
                continue
            with connection.cursor() as cursor:
                cursor.execute(_INSERT, [day])
            Run.objects.create(job=JOB, period=day.isoformat(), finished_at=now)
        done += 1
    return done


def _due(today: date) -> Iterator[date]:
    closed = days.last_closed()
    if closed is None:
        return
    first = today - timedelta(days=SPAN)
    done = set(Run.objects.filter(job=JOB, period__gte=first.isoformat()).values_list("period", flat=True))
    unwritten = periodic.unfinished(HISTORY)
    for number in range(first.toordinal(), closed.toordinal() + 1):
        day = date.fromordinal(number)
        if day.isoformat() not in done and day.isoformat() not in unwritten:
            yield day


def forget(first: date, last: date) -> None:
    """Delete the sums of days whose history is written again. In the transaction that writes it."""
    locks.hold(locks.Space.JOB, [_LOCK])
    DayShare.objects.filter(day__range=(first, last)).delete()
    Run.objects.filter(job=JOB, period__range=(first.isoformat(), last.isoformat())).delete()


def differences(first: date, last: date) -> list[date]:
    """Return the added-up days, in order, that the history does not add up to. A query for each day."""
    stored: dict[date, set[tuple[object, ...]]] = {}
    for row in DayShare.objects.filter(day__range=(first, last)).values_list(
        "day", "model_id", "engagement_band", "customers"
    ):
        stored.setdefault(row[0], set()).add(row)
    wrong = []
    for period in Run.objects.filter(job=JOB, period__range=(first.isoformat(), last.isoformat())).order_by("period"):
        day = date.fromisoformat(period.period)
        with connection.cursor() as cursor:
            cursor.execute(_ADD_UP, [day])
            if {tuple(row) for row in cursor.fetchall()} != stored.get(day, set()):
                wrong.append(day)
    return wrong
