"""What brings customers onto Today: read from narrow tables by their owner, then from the few rows that are left."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core import days
from customers.models import Contact, Customer, Stage
from customers.models.customer import CustomerQuerySet
from desk.today import whose as scope
from desk.today.reasons import Entry, Reason, ReasonKind, Score
from events.models.counts import ActiveNow
from playbooks.models import Task
from scoring.explain.key_actions import load_progress
from scoring.inputs import newness
from scoring.models import CurrentScore, EngagementBand, HealthBand, ScoringModel, Transition
from scoring.risk import today_signals as signals
from scoring.risk.at_risk_since import at_risk_since
from scoring.risk.signals import RENEWAL_NEAR
from staff.models import User
from surveys.models import Answer

Reasons = dict[int, list[Reason]]


@dataclass(frozen=True, slots=True)
class Round:
    """What is asked for: whose customers, for whom, on which day."""

    user: User
    whose: str
    today: date

    @property
    def customers(self) -> CustomerQuerySet:
        return scope.customers_of(self.user, self.whose)

    @property
    def tasks(self) -> Q:
        return scope.tasks_of(self.user, self.whose)


def entries(asked: Round) -> dict[int, Entry]:
    """Return customer → its entry, of those with a reason. At most 16 queries for any number of them."""
    scored = _scored(asked)
    found: Reasons = defaultdict(list)
    for part in (
        _tasks(asked),
        _answers(asked),
        _by_score(scored, asked.today),
        _behind([score for score in scored.values() if score.health_band == HealthBand.NEW], asked.today),
        _plan_limits(asked),
    ):
        for customer, reason in part:
            found[customer].append(reason)
    return _with_scores(found, scored)


def scores_of(customers: Collection[int]) -> dict[int, Score]:
    """Return what the rows of these customers go by. One query."""
    rows = CurrentScore.objects.filter(customer__in=customers)
    return {score.customer_id: _score(score) for score in rows.only(*_COLUMNS)}


_COLUMNS = (
    "customer", "model", "at_risk", "renews_on", "last_active_on", "engagement_band", "health", "health_band",
    "urgency", "health_fall",
)  # fmt: skip


def _scored(asked: Round) -> dict[int, CurrentScore]:
    """Return the scores of those whom their score brings here. One query, from the owner's customers alone."""
    today = asked.today
    enters = (
        Q(at_risk=True)
        | Q(renews_on__range=(today, today + timedelta(days=RENEWAL_NEAR)))
        | Q(engagement_band=EngagementBand.GONE_QUIET)
        | Q(health_band=HealthBand.NEW)
        | Q(customer__stage=Stage.TRIAL, engagement_band__in=signals.VERY_ACTIVE)
    )
    rows = CurrentScore.objects.filter(enters, customer__in=asked.customers.followed()).select_related(None)
    window = ScoringModel.objects.filter(pk=OuterRef("model")).values("window")
    besides = {"stage": F("customer__stage"), "window": Subquery(window)}
    return {score.customer_id: score for score in rows.only(*_COLUMNS).annotate(**besides)}


def _by_score(scored: Mapping[int, CurrentScore], today: date) -> Iterator[tuple[int, Reason]]:
    """Yield what a score alone says. Three queries."""
    # A run that no closed day knows began after the last of them: its key stays the same once that day is closed.
    closed = days.last_closed()
    first_open = today if closed is None else min(closed + days.ONE_DAY, today)
    began = at_risk_since([pk for pk, score in scored.items() if score.at_risk], today=first_open)
    bands = _band_since(scored)
    for pk, score in scored.items():
        if score.at_risk:
            yield pk, Reason(ReasonKind.AT_RISK, f"at-risk:{began[pk]}", began[pk])
        if (day := score.renews_on) and today <= day <= today + timedelta(days=RENEWAL_NEAR):
            yield pk, Reason(ReasonKind.RENEWAL, f"renewal:{day}", signals.renewal_near_since(day), day=day)
        last = score.last_active_on
        # The band goes by what is weighed; who does what nobody has weighed yet is not silent.
        window = score.window or 0  # type: ignore[attr-defined] # annotated
        is_silent = last is None or (today - last).days >= window
        if score.engagement_band == EngagementBand.GONE_QUIET and is_silent:
            yield pk, Reason(ReasonKind.QUIET, f"quiet:{last}", bands.get(pk), day=last)
        is_trial = score.stage == Stage.TRIAL  # type: ignore[attr-defined] # annotated
        if signals.is_trial_very_active(is_trial=is_trial, band=score.engagement_band):
            yield pk, Reason(ReasonKind.TRIAL, "trial-active", bands.get(pk))


def _band_since(scored: Mapping[int, CurrentScore]) -> dict[int, date]:
    """Return the last day on which the band of engagement changed to what it is. One query."""
    telling = {EngagementBand.GONE_QUIET, *signals.VERY_ACTIVE}
    customers = [pk for pk, score in scored.items() if score.engagement_band in telling]
    rows = Transition.objects.filter(customer__in=customers, kind=Transition.Kind.ENGAGEMENT)
    last = rows.order_by("customer_id", "-day").distinct("customer_id").values_list("customer_id", "day", "band_after")
    return {pk: day for pk, day, band in last if band == scored[pk].engagement_band}


def _tasks(asked: Round) -> Iterator[tuple[int, Reason]]:
    """Yield the tasks due by today. One query."""
    known = Customer.objects.visible_to(asked.user).known()
    due = Task.objects.due(asked.today).filter(asked.tasks, customer__in=known)
    for task in due.select_related("assignee"):
        key = f"task:{task.id}:{task.due_on}"
        yield task.customer_id, Reason(ReasonKind.TASK, key, task.due_on, subject=task)


def _answers(asked: Round) -> Iterator[tuple[int, Reason]]:
    """Yield the unhappy answers to follow up, and the promoters of these days. One query."""
    first = days.start(signals.promoters_since(asked.today))
    unhappy = Q(needs_care=True, closed_at=None)
    promoter = Q(kind="nps", score__gte=signals.PROMOTER_FROM, answered_at__gte=first)
    rows = Answer.objects.named().filter(unhappy | promoter, customer__in=asked.customers)
    for answer in (
        rows.select_related("contact").defer("contact__traits", "contact__set_at").order_by("answered_at", "id")
    ):
        kind = ReasonKind.ANSWER if answer.needs_care and answer.closed_at is None else ReasonKind.PROMOTER
        at = answer.answered_at
        yield answer.customer_id, Reason(kind, f"answer:{answer.id}", days.business_day(at), at=at, subject=answer)


def _behind(new: Collection[CurrentScore], today: date) -> Iterator[tuple[int, Reason]]:
    """Yield the newcomers who are behind. None without newcomers, else five queries for one version."""
    load_progress(new)
    by_model: dict[int, list[int]] = defaultdict(list)
    for score in new:
        by_model[score.model_id].append(score.customer_id)
    begun: dict[int, tuple[date, int]] = {}
    for model in ScoringModel.objects.filter(pk__in=by_model):
        begun |= newness.begun(model, by_model[model.pk], today)
    for score in new:
        pk, progress = score.customer_id, score.progress  # type: ignore[attr-defined] # load_progress
        start, new_days = begun.get(pk, (today, 0))
        if new_days and signals.is_behind(start, new_days, done=progress.done, of=progress.of, today=today):
            since = signals.behind_since(start, new_days)
            yield pk, Reason(ReasonKind.BEHIND, f"behind:{start}", since, count=progress.done, of=progress.of)


def _plan_limits(asked: Round) -> Iterator[tuple[int, Reason]]:
    """Yield who uses nearly all seats. Two queries.

    Active contacts are counted only where there are enough contacts for it at all.
    """
    contacts = Contact.objects.filter(customer=OuterRef("pk"), merged_into=None, removed_at=None).order_by()
    number = contacts.values("customer").annotate(number=Count("pk")).values("number")
    some = asked.customers.followed().filter(seats__gt=0)
    some = some.annotate(people=Coalesce(Subquery(number, output_field=IntegerField()), 0))
    rows: dict[int, Any] = dict(
        some.filter(people__gte=F("seats") * signals.SEATS_USED / 100.0).values_list("pk", "seats")
    )
    if not rows:
        return
    first = asked.today - timedelta(days=signals.SEAT_DAYS - 1)
    active = ActiveNow.objects.filter(customer__in=list(rows), day__range=(first, asked.today))
    counts = active.order_by().values("customer_id").annotate(number=Count("contact", distinct=True))
    for pk, used in counts.values_list("customer_id", "number"):
        if signals.is_plan_limit_near(used, rows[pk]):
            yield pk, Reason(ReasonKind.PLAN_LIMIT, f"plan-limit:{rows[pk]}", count=used, of=rows[pk])


def _with_scores(found: Reasons, scored: Mapping[int, CurrentScore]) -> dict[int, Entry]:
    """Add the scores of those whom something else brings here. One query."""
    known = {pk: _score(score) for pk, score in scored.items() if pk in found}
    known |= scores_of(found.keys() - known.keys())
    return {
        pk: Entry(pk, known.get(pk, Score()), sorted(reasons, key=lambda reason: reason.order))
        for pk, reasons in found.items()
    }


def _score(score: CurrentScore) -> Score:
    return Score(score.health, score.model_id, score.urgency, score.health_fall)
