"""The customer's page: what somebody needs to know before a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.money import Rates
from customers.described import origins
from customers.described.origins import Setting
from customers.finding.duplicates import Twin
from customers.models import Customer, CustomerField, Following, Kind, Snooze, Stage
from desk.curation.duplicates.shown import load_twins
from desk.curation.subjects import CUSTOMERS, follows_merges
from desk.log import last_and_next
from desk.log.last_and_next import LastAndNext
from desk.profile import conversations, course, family, money, people
from desk.profile.contradiction import contradiction
from desk.profile.conversations import Edit, Notes, Tickets
from desk.profile.course import Course
from desk.profile.family import Family
from desk.profile.money import Money
from desk.profile.next_steps import Step, next_steps
from desk.profile.people import People
from playbooks.models import Task
from records.renewals import next_renewal
from scoring.explain.changed import explain_change
from scoring.explain.key_actions import load_progress
from scoring.explain.score_change import ScoreChange
from scoring.models import CurrentScore, HealthBand
from scoring.risk import signals_query, wording
from scoring.risk.signals import FALL_DAYS, Circumstances, Signals
from staff.models import User
from staff.requests import StaffRequest

AGAINST = (FALL_DAYS, 30)  # days ago, which scores can be compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything the page shows, loaded: its templates ask the database nothing."""

    customer: Customer
    score: CurrentScore | None
    snooze: Snooze | None  # while it lasts
    twins: Sequence[tuple[Twin, str]]  # who may be the same, and where the two are merged
    reasons: Sequence[str]
    course: Course
    change: ScoreChange | None  # None before a model is published
    against: Sequence[int]
    steps: Sequence[tuple[Step, Task | None]]  # and the open task that was made of it
    contradiction: str
    people: People
    money: Money
    notes: Notes
    line: LastAndNext
    tickets: Tickets
    family: Family
    origins: Sequence[tuple[str, Setting]]  # the name of a field, and who set it
    changes: Sequence[Edit]
    today: date

    def as_context(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@require_safe
@follows_merges(CUSTOMERS)
def profile(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    customer = get_object_or_404(_customers(request.user, business_day(now)), pk=pk)
    if request.GET.keys() - {"against"}:
        # The timeline stood here once, with its filter in this address.
        return redirect(f"{reverse('desk:timeline', args=[customer.pk])}?{request.GET.urlencode()}")
    loaded = load_profile(customer, request.user, params=request.GET, now=now)
    return render(request, "desk/profile/profile.html", loaded.as_context())


def load_profile(customer: Customer, user: User, *, params: Mapping[str, Any], now: datetime) -> Profile:
    """Load what the overview shows of a customer found by `_customers`.

    At most 22 queries for any number of rows; one more each where a customer is young, snoozed, has relatives (two with
    children), a champion is silent or left, a change names a colleague who is not loaded anyway, a factor names a
    source.
    """
    today = business_day(now)
    score: CurrentScore | None = getattr(customer, "score", None)
    load_progress([score])
    rates = Rates.of_day(today, family.rates_read(customer) | money.rates_read(customer))
    contacts = people.load_people(customer, today)
    paid = money.load_money(customer, rates, None if score is None else score.health, today)
    notes, tickets = conversations.load_notes(customer), conversations.load_tickets(customer, today)
    line = last_and_next.load([customer.pk]).get(customer.pk, last_and_next.NOTHING)
    signals = signals_query.load([customer], today=today).get(customer.pk)
    return Profile(
        customer=customer,
        score=score,
        snooze=_snooze(customer, today),
        twins=load_twins(customer, user),
        reasons=wording.sentences(signals) if signals else [],
        course=course.load(customer, score, today=today),
        change=explain_change(customer, as_of=today, against=_against(params)),
        against=AGAINST,
        steps=_with_tasks(customer, _circumstances(customer, contacts, paid, notes, line, tickets, signals, today)),
        contradiction=contradiction(paid.past),
        people=contacts,
        money=paid,
        notes=notes,
        line=line,
        tickets=tickets,
        family=family.load_family(customer, user, today),
        origins=[(str(CustomerField(field).label), by) for field, by in origins.known(customer).items()],
        changes=conversations.load_changes(customer, user),
        today=today,
    )


def _customers(user: User, today: date):  # type: ignore[no-untyped-def] # an annotated queryset
    """Return the query of the customer with all that is one row or one sum: each a subquery of the same statement."""
    is_following = Exists(Following.objects.filter(customer=OuterRef("pk"), colleague=user))
    return _annotated(today, settings.BUSINESS_TIME_ZONE).visible_to(user).annotate(is_following=is_following)


@lru_cache(maxsize=2)
def _annotated(today: date, zone: str):  # type: ignore[no-untyped-def] # an annotated queryset
    """Return the query of all customers, in days of the zone: putting it together takes longer than asking it."""
    rows = Customer.objects.select_related("score", "owner", "second_owner", "team", "snooze__by")
    return rows.annotate(
        renews_on=next_renewal(today),
        most_active=people.most_active(today),
        **conversations.annotations(today),
        **family.annotations(today),
        **money.annotations(today),
    )


def _with_tasks(customer: Customer, now: Circumstances) -> list[tuple[Step, Task | None]]:
    """Return each suggestion with the open task that was made of it. One query, none without suggestions."""
    steps = next_steps(now)
    found = Task.objects.open().filter(customer=customer, suggestion__in=[step.key for step in steps])
    made = {task.suggestion: task for task in found.select_related("assignee")} if steps else {}
    return [(step, made.get(step.key)) for step in steps]


def _against(params: Mapping[str, Any]) -> int:
    """Return the days to compare with; anything that is not offered means the first."""
    return next((days for days in AGAINST if str(days) == params.get("against")), AGAINST[0])


def _snooze(customer: Customer, today: date) -> Snooze | None:
    """Return the snooze while it lasts, by the at-risk list's own rule: a fall of health may have ended it.

    One query, none where nothing is snoozed.
    """
    snooze: Snooze | None = getattr(customer, "snooze", None)
    if snooze is None or snooze.until < today:
        return None
    return None if Customer.objects.filter(pk=customer.pk).at_risk(today).exists() else snooze


def _circumstances(
    customer: Customer,
    contacts: People,
    paid: Money,
    notes: Notes,
    line: LastAndNext,
    tickets: Tickets,
    signals: Signals | None,
    today: date,
) -> Circumstances:
    score = getattr(customer, "score", None)
    reasons = wording.sentences(signals) if signals is not None and score is not None and score.at_risk else []
    return Circumstances(
        today=today,
        renews_on=customer.renews_on,  # type: ignore[attr-defined] # annotated
        overdue=None if paid.overdue is None else paid.overdue.amount,
        overdue_since=None if paid.overdue is None else paid.overdue.since,
        open_tickets=tickets.open_count,
        oldest_ticket_on=tickets.oldest_on,
        champion=contacts.champion,
        departed=signals.departed if signals is not None else "",
        reason=reasons[0] if reasons else "",
        pulse="" if notes.pulse is None else notes.pulse.value,
        last_touch_on=None if line.last is None else min(business_day(line.last.at), today),
        is_person=customer.kind == Kind.PERSON,
        has_owner=customer.owner_id is not None,
        is_followed=customer.stage in Stage.followed(),
        is_red=score is not None and score.health_band == HealthBand.RED,
    )
