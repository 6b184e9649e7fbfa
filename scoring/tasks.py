"""Tasks that wake the worker. Each looks for what is due, so one that comes twice, late or not at all does no harm."""

from celery import shared_task
from django.utils import timezone

from core.jobs import waking
from scoring.backtest import work
from scoring.runs import compared, day_shares, history, past_days, run, thinning
from scoring.what_if import prepare

ROUNDS = 20  # of run.BATCH changes: some 40,000, then another task may have the worker


@shared_task
def score_changed(**_later: object) -> None:
    """Score what changed. A few thousand at a time, so that a long queue does not hold one worker for long.

    Whatever changes from now on rings for itself: waiting for a round that finds nothing would hold every worker for
    as long as events come in, and beat's messages would be too old when their turn comes.
    """
    for _ in range(ROUNDS):
        if run.score_changed(now=timezone.now()) < run.BATCH:
            return
    waking.wake(score_changed.name)


@shared_task
def score_everyone(**_later: object) -> None:
    run.score_everyone(now=timezone.now())


@shared_task
def close_days(**_later: object) -> None:
    history.close_days(now=timezone.now())


@shared_task
def thin_history(**_later: object) -> None:
    thinning.thin(now=timezone.now())
    compared.forget_old(now=timezone.now())


@shared_task
def make_past_days(**_later: object) -> None:
    """Make the past days that portfolios are compared with, and add up the days that are closed."""
    past_days.make(now=timezone.now())
    day_shares.add_up(now=timezone.now())


@shared_task
def go_on_with_back_tests(**_later: object) -> None:
    work.go_on(clock=timezone.now)


@shared_task
def prepare_what_if(**_later: object) -> None:
    prepare.work(clock=timezone.now)


@shared_task
def forget_prepared(**_later: object) -> None:
    """Delete the what-if bases of days ago."""
    prepare.forget_old(now=timezone.now())
