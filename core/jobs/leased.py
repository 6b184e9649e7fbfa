"""Long jobs as rows: a worker claims one with a lease and does it step by step; if it dies, another goes on.

Guarantees. Work is done *at least once*: what a step computed before its worker died is computed again. What a step
*writes* is written once, because it is committed in one transaction with the job's place, and a worker that lost its
lease cannot commit. A job is never worked on by two workers at a time, a cancelled one ends after the current step,
and one that fails MOST_TRIES times in the same place is given up instead of being tried for ever.

Costs. One row lock and one UPDATE of the job's row per step, and up to `lease_time` until a dead worker's job goes on.
A step should therefore take from a tenth of a second to a few seconds, and far less than `lease_time`.

Work that several workers share shard by shard, each shard being one step, is `core.jobs.periodic` instead.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import Q

from core.jobs import stopping, waking

MOST_TRIES = 5
CANCELLED, FAILED = "cancelled", "failed"

QUIET = timedelta(seconds=30)  # longer than a step should take: a worker that is quiet for so long may be gone

Clock = Callable[[], datetime]


class LeasedJob(models.Model):
    """A row that workers work on. Its model has a `state` (CANCELLED and FAILED among them) and a `problem`."""

    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_to_cancel = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)

    state: Any
    problem: Any

    lease_time: ClassVar[timedelta] = timedelta(minutes=2)
    round_time: ClassVar[timedelta] = timedelta(seconds=60)  # so that one job does not keep a worker from the others
    waiting_states: ClassVar[Sequence[str]] = ()  # in which there is something to do
    place_fields: ClassVar[Sequence[str]] = ()  # which say how far the job is
    task: ClassVar[str]  # that works on such jobs

    class Meta:
        abstract = True

    def drop_unfinished(self) -> None:
        """Drop what only the rest of the work could have used: the job is about to end before its end."""

    def note_failed(self, now: datetime) -> None:
        """Note elsewhere that it failed, in the transaction that says so."""

    def problem_when_given_up(self) -> Any:
        return "stopped"

    def quiet_since(self, now: datetime) -> datetime | None:
        """Return when the worker that has the job did its last step, if that is long ago; None, too, if none has it."""
        if self.lease is None or self.leased_until is None:
            return None
        heard_at = self.leased_until - self.lease_time
        return heard_at if now - heard_at > QUIET else None


J = TypeVar("J", bound=LeasedJob)
Steps = Callable[[J, Clock], Iterator[None]]  # yields after each step that is committed


class InvalidState(ValueError):
    """The job is in a state in which this cannot be done."""


class Lost(Exception):
    """Another worker has the job now, or it is in another state."""


class Stopped(Exception):
    """The job is to be cancelled."""


class JobFailed(Exception):
    """The job cannot be done; `problem` is what its row keeps of the reason."""

    def __init__(self, problem: Any) -> None:
        super().__init__(problem)
        self.problem = problem


class Round:
    """The time a worker stays with one sort of jobs; over at once when it is to stop. A step is not cut short."""

    def __init__(self, clock: Clock, length: timedelta) -> None:
        self._clock, self._until = clock, clock() + length

    @property
    def is_over(self) -> bool:
        return self._clock() >= self._until or stopping.is_asked()


def work_a_round(jobs: type[J], steps: Steps[J], *, clock: Clock) -> int:
    """Work on the jobs that wait for `round_time` at most, the oldest first; return how many steps were done.

    A job is left only after a step, so each round gets every job it takes up further, however short the round.
    """
    this_round, done = Round(clock, jobs.round_time), 0
    while not this_round.is_over and (job := claim(jobs, now=clock())):
        done += work_on(job, steps, clock=clock, is_over=lambda: this_round.is_over)
    if this_round.is_over:
        waking.wake(jobs.task)  # something may be left
    return done


def wake(job: LeasedJob) -> None:
    """Have a worker take the job up at once, when the transaction that asked for it is committed."""
    waking.after_commit(type(job).task)


def work_to_the_end(job: J, steps: Steps[J], *, clock: Clock, after_step: Callable[[J], None]) -> None:
    """Do this job now, in this process, and refresh it; return at once when another worker has it."""

    def is_over(held: J) -> bool:
        after_step(held)
        return False

    while (mine := claim(type(job), now=clock(), pk=job.pk)) is not None:
        work_on(mine, steps, clock=clock, is_over=lambda mine=mine: is_over(mine))  # type: ignore[misc]
    job.refresh_from_db()


def claim(jobs: type[J], *, now: datetime, pk: int | None = None) -> J | None:
    """Return the job that has waited longest, leased to the caller; None when there is nothing to do.

    Ends jobs it meets that were cancelled while nobody worked on them, or that failed too often. Each in its own
    transaction.
    """
    due = jobs._default_manager.filter(Q(lease=None) | Q(leased_until__lt=now), state__in=jobs.waiting_states)
    due = due if pk is None else due.filter(pk=pk)
    while True:
        with transaction.atomic():
            # Locked rows are being claimed by another worker this very moment: skipped, not waited for.
            job = due.order_by("pk").select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if job.asked_to_cancel:
                _end(job, CANCELLED, now)
            elif job.tries >= MOST_TRIES:
                _end(job, FAILED, now, job.problem_when_given_up())
            else:
                job.lease, job.leased_until, job.tries = uuid.uuid4(), now + jobs.lease_time, job.tries + 1
                job.save(update_fields=["lease", "leased_until", "tries"])
                return job


def work_on(job: J, steps: Steps[J], *, clock: Clock, is_over: Callable[[], bool]) -> int:
    """Do steps of a claimed job until `is_over` after one of them; return how many. Ends it when it cannot go on.

    Other exceptions pass: the lease runs out, and the next worker tries the step again.
    """
    done = 0
    try:
        for _ in steps(job, clock):
            done += 1
            if is_over():
                break
        if job.lease is not None:  # None: the last step ended the job, which may be in other hands already
            release = {"lease": None, "leased_until": None, "tries": 0}
            type(job)._default_manager.filter(pk=job.pk, lease=job.lease).update(**release)
    except Lost:
        pass
    except Stopped:
        _end(job, CANCELLED, clock())
    except JobFailed as failure:
        _end(job, FAILED, clock(), failure.problem)
    return done


@contextmanager
def step(job: J, clock: Clock) -> Iterator[J]:
    """Hold the job for one transaction, yield its row as it stands, and save what is changed in it.

    `job` is brought up to date after the commit. Raises Lost and Stopped, with nothing written.
    """
    with transaction.atomic():
        held = type(job)._default_manager.select_for_update().get(pk=job.pk)
        if any(getattr(held, name) != getattr(job, name) for name in ("lease", "state", *job.place_fields)):
            raise Lost
        if held.asked_to_cancel:
            raise Stopped
        yield held
        # Each step that is committed starts the count of tries anew: only failures in the same place end a job.
        held.tries, held.leased_until = 0, clock() + job.lease_time
        held.save()
    for field in held._meta.concrete_fields:
        setattr(job, field.attname, getattr(held, field.attname))


def ask_to_cancel(held: LeasedJob, *, now: datetime) -> None:
    """Have a locked, unfinished job end after its current step; one that nobody works on ends now."""
    # A worker looks at it before its next step; without one nobody would.
    held.asked_to_cancel = held.lease is not None
    if not held.asked_to_cancel:
        _finish(held, CANCELLED, now)
    held.save()


def _end(job: LeasedJob, state: str, now: datetime, problem: Any = None) -> None:
    """End the job before its end, unless another worker has it by now."""
    with transaction.atomic():
        held = type(job)._default_manager.select_for_update().filter(pk=job.pk, lease=job.lease).first()
        if held is not None and held.state in job.waiting_states:
            if problem is not None:
                held.problem = problem
            _finish(held, state, now)
            held.asked_to_cancel = False
            held.save()
            if state == FAILED:
                held.note_failed(now)


def _finish(held: LeasedJob, state: str, now: datetime) -> None:
    held.drop_unfinished()
    held.state, held.finished_at, held.lease, held.leased_until = state, now, None, None
