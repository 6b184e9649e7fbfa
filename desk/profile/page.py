"""The customer's page: a call prepared in a minute."""

from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import utc_day
from core.money import Rates
from customers.models import Customer, Snooze, Stage
from customers.models.customer import CustomerQuerySet
from desk.forms.note import NoteForm
from desk.profile import answers, conversations, family, money, next_steps, people
from desk.profile.contradiction import contradiction
from desk.profile.conversations import Notes, Tickets
from desk.profile.money import Money
from desk.profile.people import People
from desk.timeline import timeline
from records.renewals import next_renewal
from scoring.explain.explanation import explain
from scoring.models import HealthBand
from scoring.risk import wording
from scoring.risk.signals import Circumstances
from staff.requests import StaffRequest

AGAINST = (14, 30)  # days ago, which scores can be compared with


@require_safe
def profile(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = utc_day(now)
    customer = get_object_or_404(with_relations(Customer.objects.visible_to(request.user), today), pk=pk)
    score = getattr(customer, "score", None)
    who = people.of(customer, today)
    rates = Rates({customer.currency})
    paid = money.of(customer, rates, None if score is None else score.health, today)
    notes, tickets = conversations.notes_of(customer), conversations.tickets_of(customer)
    return render(
        request,
        "desk/profile/profile.html",
        {
            "customer": customer,
            "score": score,
            "snooze": _snooze(customer, today),
            "reasons": wording.reasons([customer], today=today)[customer.pk],
            "explanation": explain(customer, as_of=today, against=_against(request.GET)),
            "against": AGAINST,
            "steps": next_steps.next_steps(_circumstances(customer, who, paid, notes, tickets, today)),
            "contradiction": contradiction(paid.course),
            "people": who,
            "money": paid,
            "notes": notes,
            "note_form": NoteForm(contacts=who.contacts, now=now) if request.user.may_act else None,
            "tickets": tickets,
            "said": answers.of(customer),
            "family": family.of(customer, request.user, rates, today),
            "changes": conversations.changes_of(customer, request.user),
            "timeline": timeline.of(customer, people=who.contacts, asked=request.GET),
            "today": today,
        },
    )


def with_relations(customers: CustomerQuerySet, today: date) -> CustomerQuerySet:
    found = customers.select_related("score", "owner", "second_owner", "team", "snooze__by")
    return found.annotate(
        renews_on=next_renewal(today),
        last_touch_on=conversations.last_touch(today),
        has_children=family.has_children(),
        **money.then(today),
    )


def _against(asked: Mapping[str, str]) -> int:
    """Return the days to compare with; what is no choice is the first: it hides nobody."""
    return next((days for days in AGAINST if str(days) == asked.get("against")), AGAINST[0])


def _snooze(customer: Customer, today: date) -> Snooze | None:
    """Return the snooze while it lasts. One query, to ask the list's own rule."""
    snooze: Snooze | None = getattr(customer, "snooze", None)
    if snooze is None or snooze.until < today:
        return None
    is_back = Customer.objects.filter(pk=customer.pk).at_risk(today).exists()
    return None if is_back else snooze


def _circumstances(
    customer: Customer, who: People, paid: Money, notes: Notes, tickets: Tickets, today: date
) -> Circumstances:
    score = getattr(customer, "score", None)
    return Circumstances(
        today=today,
        renews_on=customer.renews_on,  # type: ignore[attr-defined] # annotated
        overdue=None if paid.overdue is None else paid.overdue.amount,
        overdue_since=None if paid.overdue is None else paid.overdue.since,
        open_tickets=tickets.open_count,
        oldest_ticket_on=tickets.oldest_on,
        champion=who.champion,
        pulse="" if notes.pulse is None else notes.pulse.pulse,
        last_touch_on=notes.last_touch_on,
        has_owner=customer.owner_id is not None,
        is_followed=customer.stage in Stage.followed(),
        is_red=score is not None and score.health_band == HealthBand.RED,
    )
