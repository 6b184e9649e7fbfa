"""Workers: an import is claimed with a lease and done chunk by chunk; if the worker dies, another goes on."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from imports.jobs import checking, running
from imports.jobs.progress import LEASE, Clock, Lost, Stopped
from imports.models import Import, State
from imports.problems import Unreadable

MOST_TRIES = 5
ROUND = timedelta(seconds=60)  # then the bell's next ring goes on, so that one import does not keep a worker

_STEPS = {State.CHECKING: checking.steps, State.RUNNING: running.steps}


def go_on(*, clock: Clock) -> int:
    """Work on what is due, for a minute at most; return how many chunks were done."""
    until, done = clock() + ROUND, 0
    while clock() < until and (job := claim(now=clock())):
        done += _work_on(job, clock, lambda: clock() >= until)
    return done


def claim(*, now: datetime) -> Import | None:
    """Return the import that has waited longest, leased to the caller; one that failed too often is given up."""
    free = Q(lease=None) | Q(leased_until__lt=now)
    with transaction.atomic():
        due = Import.objects.filter(free, state__in=State.of_workers())
        job = due.order_by("pk").select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.asked_to_cancel:
            _end(job, State.CANCELLED, now)
            return None
        if job.tries >= MOST_TRIES:
            job.problem = {"code": "stopped", "said": {"tries": job.tries}}
            _end(job, State.FAILED, now)
            return None
        job.lease, job.leased_until, job.tries = uuid.uuid4(), now + LEASE, job.tries + 1
        job.save(update_fields=["lease", "leased_until", "tries"])
    return job


def _work_on(job: Import, clock: Clock, is_over: Callable[[], bool]) -> int:
    done = 0
    try:
        for _ in _STEPS[State(job.state)](job, clock):
            done += 1
            if is_over():
                break
        _release(job)
    except Lost:
        pass
    except Stopped:
        _end(job, State.CANCELLED, clock())
    except Unreadable as error:
        job.problem = {"code": error.code, "said": error.said}
        _end(job, State.FAILED, clock())
    return done


def _release(job: Import) -> None:
    Import.objects.filter(pk=job.pk, lease=job.lease).update(lease=None, leased_until=None, tries=0)


def _end(job: Import, state: State, now: datetime) -> None:
    if job.state == State.CHECKING:
        Import.objects.filter(pk=job.pk, lease=job.lease).update(found={})  # half a dry run is none
    Import.objects.filter(pk=job.pk, lease=job.lease).update(
        state=state, problem=job.problem, finished_at=now, lease=None, leased_until=None, asked_to_cancel=False
    )
