"""One step of a back-test: held against everybody else, and counted in the transaction that stores it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from scoring.models import BackTest

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=10)


class Lost(Exception):
    """Somebody else has the back-test now, or it is over."""


class Stopped(Exception):
    """Somebody asked for it to end here."""


class Impossible(Exception):
    """It cannot go on; the message is a code of `words.PROBLEMS`."""


@contextmanager
def step(job: BackTest, clock: Clock) -> Iterator[BackTest]:
    """Hold the back-test for one transaction, yield it as it stands, and save what was changed in it.

    Raises Lost and Stopped, with nothing written.
    """
    with transaction.atomic():
        held = BackTest.objects.select_for_update().get(pk=job.pk)
        if (held.lease, held.state, held.at_step) != (job.lease, job.state, job.at_step):
            raise Lost
        if held.asked_to_cancel:
            raise Stopped
        yield held
        held.at_step, held.tries, held.leased_until = held.at_step + 1, 0, clock() + LEASE
        held.save()
    for name in ("at_step", "total_steps", "state", "inputs", "result"):
        setattr(job, name, getattr(held, name))
