"""What workers do with corrections that wait: count, compare scores, carry out, undo."""

from collections.abc import Iterator

from core.jobs import leased
from core.jobs.leased import Clock
from events.corrections import counting, running
from events.models import Correction

State = Correction.State
_STEPS = {
    State.COUNTING: counting.count,
    State.WEIGHING: counting.weigh,
    State.RUNNING: running.carry_out,
    State.RECOUNTING: counting.count_again,
    State.UNDOING: running.undo,
}


def go_on(*, clock: Clock) -> int:
    """Work on what is due, for a minute at most; return how many chunks were done."""
    return leased.work_a_round(Correction, steps, clock=clock)


def steps(job: Correction, clock: Clock) -> Iterator[None]:
    """Do what the correction's state calls for, and what follows it. Raises Lost and Stopped."""
    while job.state in Correction.waiting_states:
        yield from _STEPS[State(job.state)](job, clock)
