"""What the tables say about the installation's progress. Facts only; `judgement` says which of them are bad."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q

from core import days
from core.db import partitions
from core.jobs import periodic
from core.models import Outgoing, Run
from customers.models import Changed
from engagement_site.health import sources
from events.models import Rejected

TRIES = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """Ages in seconds; None is "there is none"."""

    oldest_change_seconds: dict[str, float]  # by the stage that has not looked at it
    other_time_zone: str | None  # the zone that the stored days are of, where it is not BUSINESS_TIME_ZONE
    last_closed_day: date | None
    days_to_close: int
    close_overdue_seconds: float  # since the first day that should be closed was over
    beat_age_seconds: float | None
    backup_age_seconds: float | None  # of the last one `manage.py backup` took; None when it never did
    runs_waiting: dict[str, int]  # by job
    runs_failing: dict[str, int]  # by job: of these, tried TRIES times or more
    partitions_missing: int
    default_partition_bytes: dict[str, int]  # by table
    rejected_last_day: int
    stored_last_day: int  # events, since the begin of yesterday
    sources_silent: dict[str, date]  # by name: the last day on which something came
    mail_overdue_seconds: float | None  # since the oldest message still waiting was due; None when none is
    mail_given_up: int  # and not sent again by hand
    database_bytes: int


def read(*, now: datetime) -> Progress:
    """Read everything: thirteen queries, each on an index or on the catalogue."""
    closed = days.last_closed()
    waiting = _runs()
    return Progress(
        oldest_change_seconds=_oldest_changes(now),
        other_time_zone=days.other_zone(),
        last_closed_day=closed,
        days_to_close=_days_to_close(closed, now),
        close_overdue_seconds=_close_overdue(closed, now),
        beat_age_seconds=_age(periodic.last_marked("beat"), now),
        backup_age_seconds=_age(periodic.last_marked("backup"), now),
        runs_waiting={job: count for job, count, _ in waiting},
        runs_failing={job: failing for job, _, failing in waiting if failing},
        partitions_missing=len(partitions.missing(days.business_day(now))),
        default_partition_bytes=partitions.default_sizes(),
        rejected_last_day=Rejected.objects.filter(last_at__gt=now - timedelta(days=1)).count(),
        stored_last_day=sources.stored(since=days.business_day(now) - days.ONE_DAY),
        sources_silent=sources.silent(today=days.business_day(now)),
        **_mail(now),
        database_bytes=_database_bytes(),
    )


def beat_age(*, now: datetime) -> float | None:
    """Return the seconds since beat, Redis and a worker last did something together. One query."""
    return _age(periodic.last_marked("beat"), now)


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())


def _oldest_changes(now: datetime) -> dict[str, float]:
    """Rows are numbered in the order they come; the time has no index, for nothing else asks for it."""
    oldest = Changed.objects.order_by("stage", "pk").distinct("stage")
    return {stage: max(0.0, (now - at).total_seconds()) for stage, at in oldest.values_list("stage", "at")}


def _days_to_close(closed: date | None, now: datetime) -> int:
    return 0 if closed is None else max(0, (days.business_day(now) - closed).days - 1)


def _close_overdue(closed: date | None, now: datetime) -> float:
    if not _days_to_close(closed, now) or closed is None:
        return 0.0
    return (now - days.start(closed + 2 * days.ONE_DAY)).total_seconds()


def _runs() -> list[tuple[str, int, int]]:
    waiting = Run.objects.filter(finished_at=None).values_list("job").order_by("job")
    return list(waiting.annotate(Count("pk"), failing=Count("pk", filter=Q(tries__gte=TRIES))))


def _mail(now: datetime) -> dict[str, Any]:
    """Say how late the outbox is, and what it gave up. One query on two small indexes."""
    waiting = Q(state=Outgoing.State.WAITING)
    rows = Outgoing.objects.filter(waiting | Q(state=Outgoing.State.DEAD))
    mail = rows.aggregate(due=Min("due_at", filter=waiting), dead=Count("pk", filter=~waiting))
    late = None if mail["due"] is None or mail["due"] > now else _age(mail["due"], now)
    return {"mail_overdue_seconds": late, "mail_given_up": mail["dead"]}


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
