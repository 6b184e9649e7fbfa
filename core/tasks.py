import time

from celery import shared_task
from django.utils import timezone

from core.api import stored_answers
from core.jobs import periodic, rederiving, waking
from core.notices import reading
from core.outbox import queue

SENDING_SECONDS = 10  # then the next task goes on
ROUNDS = 20  # shards of derived columns; then another task may have the worker


@shared_task
def note_beat(**_later: object) -> None:
    """Note in PostgreSQL that beat sent a task and a worker ran it: progress, not mere liveness."""
    periodic.mark("beat", now=timezone.now())


@shared_task
def forget_answers(**_later: object) -> None:
    """Drop what the API remembers of writes that nobody will send again."""
    stored_answers.forget(now=timezone.now())


@shared_task
def send_outgoing(**_later: object) -> None:
    """Send what is due, for a while only, so that a worker that is to stop need not wait long."""
    until = time.monotonic() + SENDING_SECONDS
    queue.send(clock=timezone.now, go_on=lambda: time.monotonic() < until)
    if time.monotonic() >= until:
        waking.wake(queue.TASK)  # something may be left


@shared_task
def forget_outgoing(**_later: object) -> None:
    """Drop what was sent long ago."""
    queue.forget(now=timezone.now())


@shared_task
def forget_notices(**_later: object) -> None:
    """Drop notices that were read long ago."""
    reading.forget(now=timezone.now())


@shared_task
def rederive(**_later: object) -> None:
    """Have derived columns follow from their rows, once a week, some thousands of rows at a time."""
    for _ in range(ROUNDS):
        if not rederiving.go_on(now=timezone.now()):
            return
    waking.wake(rederive.name)
