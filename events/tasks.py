from celery import shared_task
from django.utils import timezone

from core import days
from core.db import partitions
from core.jobs import waking
from events import rejected
from events.corrections import rates, work
from events.log import resettling
from events.parting import work as parting

ROUNDS = 20  # contacts, or parts of their events; then another task may have the worker


@shared_task
def resettle(**_later: object) -> None:
    """Move events of people who turned out to belong elsewhere."""
    for _ in range(ROUNDS):
        if not resettling.settle(now=timezone.now()):
            return
    waking.wake(resettle.name)


@shared_task
def make_partitions(**_later: object) -> None:
    """Make the months to come, so that no event falls into the default partition."""
    partitions.ensure(days.business_day(timezone.now()))


@shared_task
def go_on_with_corrections(**_later: object) -> None:
    """Count, compare, withdraw, tell again or undo what admins asked for."""
    work.go_on(clock=timezone.now)


@shared_task
def follow_rates(**_later: object) -> None:
    """Convert values that waited for an exchange rate, and note what else follows from one."""
    rates.note_new(now=timezone.now())
    for _ in range(ROUNDS):
        if not rates.convert(now=timezone.now()):
            return
    waking.wake(follow_rates.name)


@shared_task
def forget_rejected(**_later: object) -> None:
    """Drop messages that could not be stored and came last long ago, and note how many."""
    rejected.forget(now=timezone.now())


@shared_task
def go_on_with_partings(**_later: object) -> None:
    """Count or part the people who shared an id, as staff asked for."""
    parting.go_on(clock=timezone.now)
