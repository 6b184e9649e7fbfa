"""After the events: the past as it was known then, the present scores, and the mark that the load is done."""

from collections.abc import Collection
from datetime import date, datetime

from core import runs
from core.models import Run
from samples.loading.progress import Phases
from scoring import history, run

JOB = "sample"


def begin(name: str, now: datetime) -> bool:
    """Note that the sample is wanted; return whether it was loaded before.

    The lease shows that somebody is at it. It keeps nobody out: a load that was killed can be run again at
    once, and two at a time store nothing twice.
    """
    runs.plan(JOB, name)
    runs.claim(JOB, now=now, period=name)
    return runs.is_done(JOB, name)


def finish(name: str, now: datetime) -> None:
    runs.finish(Run.objects.get(job=JOB, period=name, shard=0), now=now)


def score(phases: Phases, customers: Collection[int], first_day: date, last_day: date, now: datetime) -> None:
    """Write each past day's scores as known then, then score everyone as of today."""
    with phases.phase("History of scores") as progress:
        history.backfill(customers, first_day, last_day, now=now, progress=progress)
    with phases.phase("Scores of today"):
        while run.score_touched(now=now):
            pass
