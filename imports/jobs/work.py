"""What workers do with imports that wait: check the file, or import it."""

from collections.abc import Iterator

from core.jobs import leased
from core.jobs.leased import Clock, JobFailed
from imports.jobs import checking, running
from imports.models import Import, State
from imports.problems import Unreadable

_STEPS = {State.CHECKING: checking.steps, State.RUNNING: running.steps}


def go_on(*, clock: Clock) -> int:
    """Work on what is due, for a minute at most; return how many chunks were done."""
    return leased.work_a_round(Import, steps, clock=clock)


def steps(job: Import, clock: Clock) -> Iterator[None]:
    """Do what the import's state calls for, step by step. Raises Lost, Stopped and JobFailed."""
    try:
        yield from _STEPS[State(job.state)](job, clock)
    except Unreadable as error:
        raise JobFailed({"code": error.code, "said": error.params}) from error
