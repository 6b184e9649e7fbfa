"""History is kept daily for a year, then one day a week. Transitions between bands stay: they are few, and read."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from core import days
from core.jobs import periodic

JOB = "thin-history"
KEPT_DAILY = timedelta(days=365)
SUNDAY = 6  # as `date.weekday` counts; in _DELETE it is 7, as isodow counts

_DELETE = "DELETE FROM scoring_scorehistory WHERE day < %s AND extract(isodow FROM day) <> 7"


def is_kept(day: date, today: date) -> bool:
    """Tell whether a day's history is there for good."""
    return day.weekday() == SUNDAY or day >= today - KEPT_DAILY


def thin(*, now: datetime) -> int:
    """Once a week: delete what is older than a year, but for Sundays; return how many rows went."""
    today = days.business_day(now)
    year, week, _ = today.isocalendar()
    period = f"{year}-W{week:02}"
    # A row for each week: the deletion runs once in it, however often the task is woken.
    run = periodic.begin(JOB, period, now=now)
    if run is None:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DELETE, [today - KEPT_DAILY])
        gone: int = cursor.rowcount
    periodic.finish(run, now=now)
    return gone
