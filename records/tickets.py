"""Tickets: rows, events of being opened, escalated and solved, and what is open as inputs of health."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Min, Q

from core import days
from customers import change_feed, inputs
from events import own
from events.models import Source
from records import past_inputs, rows
from records.models import Ticket

OPEN, OLDEST, WAIT = "open_tickets", "oldest_open_ticket", "first_response_wait"


@transaction.atomic
def write(
    tickets: Sequence[Mapping[str, Any]], *, now: datetime, source: Source | None = None, history: bool = False
) -> list[Ticket]:
    """Write tickets, their events and the customers' inputs; see `rows.save` for what a row holds."""
    open_day = days.lock_open_day(now)
    saved = rows.save(Ticket, tickets)
    # Looked up for all tickets at once.
    who = own.person_names({ticket.contact_id for ticket in saved if ticket.contact_id})
    messages = [message for ticket in saved for message in _events(ticket, who.get(ticket.contact_id, {}), now)]
    own.store(messages, source=source or rows.source(now), now=now, history=history)
    customers = {ticket.customer_id for ticket in saved}
    if history:
        inputs.log(past_inputs.from_tickets(customers, open_day, (OPEN, OLDEST, WAIT)))
    _note_inputs(customers, open_day)
    return saved


def _events(ticket: Ticket, who: dict[str, Any], now: datetime) -> Iterator[dict[str, Any]]:
    """Yield what happened. Opening and escalating are the contact's acts; solving is not, so it names nobody."""
    event = partial(rows.event, ticket, now=now, properties={"subject": ticket.subject, "priority": ticket.priority})
    yield event("Ticket opened", ticket.opened_at, "opened", person=who)
    if ticket.escalated_at:
        yield event("Ticket escalated", ticket.escalated_at, "escalated", person=who)
    if ticket.solved_at:
        yield event("Ticket solved", ticket.solved_at, "solved")


def _note_inputs(customers: Collection[int], open_day: date) -> None:
    """Log how many are open (none is a known 0), since when the oldest is, and the mean wait for an answer."""
    open_tickets = {
        customer: (number, oldest)
        for customer, number, oldest in Ticket.objects.filter(customer__in=customers, solved_at=None)
        .values_list("customer_id")
        .annotate(Count("id"), Min("opened_at"))
    }
    waits, rows = _waits(customers), list[inputs.Row]()
    for customer in sorted(customers):
        number, oldest = open_tickets.get(customer, (0, None))
        since = None if oldest is None else days.business_day(oldest).isoformat()
        rows.append((customer, OPEN, open_day, number * 1000, None))
        # The day, not the age: an age would have to be logged every day.
        rows.append((customer, OLDEST, open_day, None, since))
        rows.append((customer, WAIT, open_day, waits.get(customer), None))
    inputs.note(rows)
    change_feed.note(customers)


def _waits(customers: Collection[int]) -> dict[int, int]:
    """Return each customer's mean wait for a first answer, in thousandths of an hour."""
    wait = ExpressionWrapper(F("first_response_at") - F("opened_at"), output_field=DurationField())
    answered = Ticket.objects.filter(~Q(first_response_at=None), customer__in=customers)
    means = answered.values_list("customer_id").annotate(mean=Avg(wait))
    return {customer: round(mean.total_seconds() / 3.6) for customer, mean in means}
