"""What a colleague does with a back-test: start it, cancel it, make a draft of what it suggests."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from django.db import transaction

from core.days import ONE_DAY, business_day
from core.jobs import leased
from core.jobs.leased import InvalidState
from events.models import DailyCount
from scoring.backtest.outcomes import Outcome
from scoring.backtest.sums import NO_HALF_LIFE
from scoring.model_versions import versions
from scoring.models import BackTest, ScoringModel
from staff.models import User

MOST_DAYS = 60
USUAL_DAYS = 12
USUAL_STEP = 30


def start(
    model: ScoringModel,
    outcome: Outcome,
    days: Sequence[date],
    *,
    judged: str,
    calls: int,
    now: datetime,
    by: User | None,
    least_days: int = 0,
    signs: Mapping[int, int] | None = None,
) -> BackTest:
    """Start a back-test; a worker takes it within seconds. `signs`: event type → 1 or −1, limits of its points."""
    job = BackTest.objects.create(
        model=model,
        model_name=str(model),
        outcome=outcome.kind,
        horizon=outcome.horizon,
        quiet_days=outcome.quiet_days,
        least_fall=outcome.least_fall,
        least_days=least_days,
        days=sorted(set(days)),
        judged=judged,
        calls=calls,
        signs={str(pk): sign for pk, sign in (signs or {}).items() if sign},
        by=by,
        created_at=now,
        # Kept from the beginning: a worker after midnight must split the days as the first one did.
        last_whole_day=business_day(now) - ONE_DAY,
    )
    leased.wake(job)
    return job


@transaction.atomic
def cancel(job: BackTest, *, now: datetime) -> None:
    """Have it end after the step that is being done; one that no worker has ends now. Raises InvalidState."""
    held = BackTest.objects.select_for_update().get(pk=job.pk)
    if held.state != BackTest.State.RUNNING:
        raise InvalidState(f"It is {held.get_state_display()}.")
    leased.ask_to_cancel(held, now=now)


@transaction.atomic
def make_draft(job: BackTest, *, now: datetime) -> ScoringModel:
    """Copy the tested version to a draft that has the suggested points and half-life. Raises InvalidState."""
    suggestion = job.result.get("suggestion", {})
    if job.model is None or "weights" not in suggestion:
        raise InvalidState("There is nothing suggested to make a draft of.")
    draft = versions.draft_from(job.model, now=now)
    points = {suggested["event_type"]: suggested["points"] for suggested in suggestion["weights"]}
    weights = list(draft.weights.filter(event_type__in=points))
    for weight in weights:
        # By its text: Decimal of a float has fifty digits.
        weight.points = Decimal(str(points[weight.event_type_id]))
        weight.save(update_fields=["points"])
    draft.half_life = None if suggestion["half_life"] == NO_HALF_LIFE else suggestion["half_life"]
    draft.save(update_fields=["half_life"])
    return draft


def usual_days(model: ScoringModel, horizon: int, today: date) -> list[date]:
    """Return the days a reader would choose: the last one whose horizon is over, and monthly steps back from it.

    Not before the first counted day and a whole window after it: earlier scores would be of less than they say. As many
    queries as days, and one or two.
    """
    window = max([model.window, *(weight.window for weight in model.weights.all() if weight.window)])
    last = today - ONE_DAY - timedelta(days=horizon)
    days = (last - timedelta(days=USUAL_STEP * i) for i in range(USUAL_DAYS))
    return sorted(takewhile(lambda day: _is_counted(day - timedelta(days=window - 1)), days))


def _is_counted(day: date) -> bool:
    """Tell whether anything was counted up to the day. PostgreSQL answers from the oldest months alone."""
    return DailyCount.objects.filter(day__lte=day).exists()
