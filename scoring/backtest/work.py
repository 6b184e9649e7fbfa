"""Workers: a back-test is claimed with a lease and done step by step; if the worker dies, another goes on."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from scoring.backtest import run
from scoring.backtest.progress import LEASE, Clock, Impossible, Lost, Stopped
from scoring.models import BackTest, BackTestPart

MOST_TRIES = 5
ROUND = timedelta(seconds=30)  # then the bell's next ring goes on, so that one back-test does not keep a worker

State = BackTest.State


def go_on(*, clock: Clock) -> int:
    """Work on what is due, for half a minute at most (a step is not cut short); return how many steps were done."""
    until, done = clock() + ROUND, 0
    while clock() < until and (job := claim(now=clock())):
        done += _work_on(job, clock, lambda: clock() >= until)
    return done


def whole(job: BackTest, *, clock: Clock, told: Callable[[BackTest], None]) -> None:
    """Do a back-test to its end at once, in this process; `told` hears of each step."""
    while (mine := claim(now=clock(), pk=job.pk)) is not None:
        _work_on(mine, clock, lambda: told(mine))
    job.refresh_from_db()


def claim(*, now: datetime, pk: int | None = None) -> BackTest | None:
    """Return the back-test that has waited longest, leased to the caller; one that failed too often is given up."""
    due = BackTest.objects.filter(Q(lease=None) | Q(leased_until__lt=now), state=State.RUNNING)
    with transaction.atomic():
        job = (due if pk is None else due.filter(pk=pk)).order_by("pk").select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.asked_to_cancel:
            _end(job, State.CANCELLED, now)
            return None
        if job.tries >= MOST_TRIES:
            _end(job, State.FAILED, now, "stopped")
            return None
        job.lease, job.leased_until, job.tries = uuid.uuid4(), now + LEASE, job.tries + 1
        job.save(update_fields=["lease", "leased_until", "tries"])
    return job


def _work_on(job: BackTest, clock: Clock, is_over: Callable[[], bool | None]) -> int:
    done = 0
    try:
        for _ in run.steps(job, clock):
            done += 1
            if is_over():
                break
        BackTest.objects.filter(pk=job.pk, lease=job.lease).update(lease=None, leased_until=None, tries=0)
    except Lost:
        pass
    except Stopped:
        _end(job, State.CANCELLED, clock())
    except Impossible as reason:
        _end(job, State.FAILED, clock(), str(reason))
    return done


def _end(job: BackTest, state: str, now: datetime, problem: str = "") -> None:
    """End it, unless somebody else has it by now."""
    mine = BackTest.objects.filter(pk=job.pk, lease=job.lease)
    over = {"state": state, "problem": problem, "finished_at": now}
    if mine.update(**over, lease=None, leased_until=None, asked_to_cancel=False):
        BackTestPart.objects.filter(of=job.pk).delete()
