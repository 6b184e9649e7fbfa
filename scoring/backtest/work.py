"""What workers, and the command, do with back-tests that wait."""

from collections.abc import Callable

from core.jobs import leased
from core.jobs.leased import Clock
from scoring.backtest import run
from scoring.models import BackTest


def go_on(*, clock: Clock) -> int:
    """Work on what is due, for half a minute at most; return how many steps were done."""
    return leased.work_a_round(BackTest, run.steps, clock=clock)


def whole(job: BackTest, *, clock: Clock, after_step: Callable[[BackTest], None]) -> None:
    """Do a back-test to its end at once, in this process, unless a worker has it; `after_step` is called with it."""
    leased.work_to_the_end(job, run.steps, clock=clock, after_step=after_step)
