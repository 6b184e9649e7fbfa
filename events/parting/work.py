"""What workers do with partings that wait: count, carry out."""

from collections.abc import Iterator

from core.jobs import leased
from core.jobs.leased import Clock
from events.models import Parting
from events.parting import counting, running

State = Parting.State
_STEPS = {State.COUNTING: counting.count, State.RUNNING: running.carry_out}


def go_on(*, clock: Clock) -> int:
    """Work on what is due, for a minute at most; return how many steps were done."""
    return leased.work_a_round(Parting, steps, clock=clock)


def steps(job: Parting, clock: Clock) -> Iterator[None]:
    """Do what the parting's state calls for. Raises Lost and Stopped."""
    while job.state in Parting.waiting_states:
        yield from _STEPS[State(job.state)](job, clock)
