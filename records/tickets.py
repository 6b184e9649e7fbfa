"""Tickets: rows, events of being opened, escalated and solved, and what is open as inputs of health."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Min, Q

from core import days
from customers import inputs
from events.models import Source
from records import past_inputs, rows
from records.models import Ticket
from records.telling import writing
from records.telling.happening import Happening, has_come
from records.telling.kind import Kind
from staff.models import User

OPEN, OLDEST, WAIT = "open_tickets", "oldest_open_ticket", "first_response_wait"


def write(
    tickets: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    source: Source | None = None,
    history: bool = False,
    by: User | None = None,
) -> list[Ticket]:
    """Write tickets, their events and the customers' inputs; see `writing.write`."""
    return writing.write(KIND, tickets, now=now, source=source, history=history, by=by)


def is_open_on(day: date) -> Q:
    """Return the condition of tickets that were opened by the day and not solved by it."""
    tomorrow = days.start(day + days.ONE_DAY)
    return Q(opened_at__lt=tomorrow) & (Q(solved_at=None) | Q(solved_at__gte=tomorrow))


def events_of(ticket: Ticket, today: date) -> Iterator[Happening]:
    """Yield what has happened by today. Opening and escalating are the contact's acts; solving names nobody."""
    about = {"subject": ticket.subject, "priority": ticket.priority}
    who = ticket.contact_id
    if has_come(ticket.opened_at, today):
        yield Happening("opened", "Ticket opened", ticket.opened_at, about, contact=who)
    if ticket.escalated_at and has_come(ticket.escalated_at, today):
        yield Happening("escalated", "Ticket escalated", ticket.escalated_at, about, contact=who)
    if ticket.solved_at and has_come(ticket.solved_at, today):
        yield Happening("solved", "Ticket solved", ticket.solved_at, about)


def _moments(ticket: Ticket) -> tuple[datetime | None, ...]:
    return ticket.opened_at, ticket.first_response_at, ticket.escalated_at, ticket.solved_at


def _note_inputs(customers: Collection[int], written: Sequence[Ticket], open_day: date) -> None:
    """Log how many are open (none is a known 0), since when the oldest is, and the mean wait for an answer.

    Without any ticket all three are unknown.
    """
    unknown = rows.without(Ticket, customers, written)
    # Of the oldest one, no day means that none is open, and a number that nothing is known.
    nothing = {OPEN: None, OLDEST: 0, WAIT: None}
    inputs.correct((customer, name, open_day, none, None) for customer in unknown for name, none in nothing.items())
    open_tickets = {
        customer: (number, oldest)
        for customer, number, oldest in Ticket.objects.filter(is_open_on(open_day), customer__in=customers)
        .values_list("customer_id")
        .annotate(Count("id"), Min("opened_at"))
    }
    waits, known = _waits(customers, open_day), list[inputs.Row]()
    for customer in sorted(set(customers) - unknown):
        number, oldest = open_tickets.get(customer, (0, None))
        since = None if oldest is None else days.business_day(oldest).isoformat()
        known.append((customer, OPEN, open_day, number * 1000, None))
        # The day, not the age: an age would have to be logged every day.
        known.append((customer, OLDEST, open_day, None, since))
        known.append((customer, WAIT, open_day, waits.get(customer), None))
    inputs.note(known)


def _waits(customers: Collection[int], open_day: date) -> dict[int, int]:
    """Return each customer's mean wait for a first answer, in thousandths of an hour."""
    wait = ExpressionWrapper(F("first_response_at") - F("opened_at"), output_field=DurationField())
    answered = Ticket.objects.filter(days.within("first_response_at", None, open_day), customer__in=customers)
    means = answered.exclude(first_response_at=None).values_list("customer_id").annotate(mean=Avg(wait))
    return {customer: round(mean.total_seconds() / 3.6) for customer, mean in means}


def _log_past(customers: Collection[int], open_day: date) -> None:
    inputs.log(past_inputs.from_tickets(customers, open_day, (OPEN, OLDEST, WAIT)))


KIND = Kind(
    model=Ticket,
    parts=("opened", "escalated", "solved"),
    events_of=events_of,
    moments_of=_moments,
    note_inputs=_note_inputs,
    log_past=_log_past,
)
