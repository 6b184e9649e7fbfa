"""Periodic work as rows: each (job, period, shard) is done once, however often the worker is woken.

A worker claims a row with a lease; if it dies, the lease runs out and another worker takes the row.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from core.models import Run

LEASE = timedelta(minutes=15)  # work that takes longer is taken for dead, and done again by another worker


def plan(job: str, period: str, shards: Iterable[int] = (0,)) -> None:
    """Write down what is to be done; rows that stand already are left as they are."""
    rows = [Run(job=job, period=period, shard=shard) for shard in shards]
    # Several workers may plan at once: the unique constraint keeps one row of each.
    Run.objects.bulk_create(rows, ignore_conflicts=True)


def drop_others(job: str, period: str) -> None:
    """Forget the job's other periods: they were overtaken, or are done and of no more use."""
    Run.objects.filter(job=job).exclude(period=period).delete()


def claim(job: str, *, now: datetime, period: str | None = None) -> Run | None:
    """Return the next due row of the job, leased to the caller; None when there is nothing to do."""
    due = Run.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), job=job, finished_at=None)
    if period is not None:
        due = due.filter(period=period)
    with transaction.atomic():
        # Rows locked by another worker are being claimed this moment: skipped, not waited for.
        run = due.order_by("period", "shard").select_for_update(skip_locked=True).first()
        if run is not None:
            run.leased_until = now + LEASE
            run.tries += 1
            run.save(update_fields=["leased_until", "tries"])
    return run


def begin(job: str, period: str, *, now: datetime) -> Run | None:
    """Plan work of one shard for this period, in the place of all others, and claim it; None when there is none."""
    drop_others(job, period)
    plan(job, period)
    return claim(job, now=now, period=period)


def finish(run: Run, *, now: datetime) -> None:
    Run.objects.filter(pk=run.pk).update(finished_at=now, leased_until=None)


def mark(job: str, *, now: datetime) -> None:
    """Note when work that has no period was last done: one row, written over. One query."""
    row = Run(job=job, period="last", finished_at=now)
    Run.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["job", "period", "shard"], update_fields=["finished_at"]
    )


def last_marked(job: str) -> datetime | None:
    return Run.objects.filter(job=job, period="last").values_list("finished_at", flat=True).first()


def is_planned(job: str, period: str) -> bool:
    return Run.objects.filter(job=job, period=period).exists()


def is_done(job: str, period: str) -> bool:
    """Tell whether the job was planned for the period and its last shard is finished."""
    rows = Run.objects.filter(job=job, period=period)
    return rows.exists() and not rows.filter(finished_at=None).exists()


def unfinished(job: str) -> set[str]:
    """Return the periods of which a shard is not done. One query."""
    return set(Run.objects.filter(job=job, finished_at=None).values_list("period", flat=True))
