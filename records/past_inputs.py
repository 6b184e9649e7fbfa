"""Inputs of past days, from records of a declared history: open tickets, waits and overdue amounts by day.

A row is written for each day on which one of them changed, before the open day only: the open day's inputs are
written by the verbs that save records.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from core import days
from core.money import Rates
from customers import inputs
from customers.inputs import Row
from records.models import Invoice, Note, Pulse, Ticket


def from_tickets(customers: Collection[int], open_day: date, names: tuple[str, str, str]) -> Iterator[Row]:
    """Yield the number of open tickets, the oldest one's day and the mean wait. `names`: of these inputs. One query."""
    of_customer: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in Ticket.objects.filter(customer__in=customers).order_by("customer_id", "opened_at", "id"):
        of_customer[ticket.customer_id].append(ticket)
    for customer, tickets in of_customer.items():
        for day in _before(open_day, (at for ticket in tickets for at in _days(ticket))):
            there = [ticket for ticket in tickets if days.business_day(ticket.opened_at) <= day]
            # As it was at the day's close, whatever became of the ticket since.
            still = [t for t in there if t.solved_at is None or days.business_day(t.solved_at) > day]
            oldest = days.business_day(still[0].opened_at).isoformat() if still else None
            yield customer, names[0], day, len(still) * 1000, None
            yield customer, names[1], day, None, oldest
            yield customer, names[2], day, _mean_wait(there, day), None


def _days(ticket: Ticket) -> Iterator[date]:
    for moment in (ticket.opened_at, ticket.first_response_at, ticket.solved_at):
        if moment is not None:
            yield days.business_day(moment)


def _mean_wait(tickets: Iterable[Ticket], day: date) -> int | None:
    """Return the mean wait of those answered by the day, in thousandths of an hour."""
    answered = [(t.first_response_at, t.opened_at) for t in tickets if t.first_response_at is not None]
    waits = [(at - opened).total_seconds() for at, opened in answered if days.business_day(at) <= day]
    return round(sum(waits) / len(waits) / 3.6) if waits else None


def from_invoices(customers: Collection[int], open_day: date, name: str) -> Iterator[Row]:
    """Yield the amount overdue in the base currency; amounts without a rate are left out. Two queries."""
    of_customer: dict[int, list[Invoice]] = defaultdict(list)
    due = Invoice.objects.filter(customer__in=customers, is_void=False, amount__gt=0).exclude(due_on=None)
    for invoice in due.order_by("customer_id", "due_on", "id"):
        of_customer[invoice.customer_id].append(invoice)
    rates = Rates({invoice.currency for invoices in of_customer.values() for invoice in invoices})
    for customer, invoices in of_customer.items():
        overdue = [span for invoice in invoices if (span := _overdue(invoice)) is not None]
        # Since the first invoice, so that never having been late is a known 0.
        changes = [min(invoice.issued_on for invoice in invoices), *chain.from_iterable(span[:2] for span in overdue)]
        for day in _before(open_day, changes):
            owed = [invoice for since, until, invoice in overdue if since <= day < until]
            yield customer, name, day, inputs.thousandths(_sum(owed, rates, day)), None


def _overdue(invoice: Invoice) -> tuple[date, date, Invoice] | None:
    """Return the first day on which the invoice is overdue and the first on which it no longer is, or None."""
    assert invoice.due_on is not None
    since, until = invoice.due_on + days.ONE_DAY, invoice.paid_on or date.max
    return (since, until, invoice) if since < until else None


def _sum(invoices: Iterable[Invoice], rates: Rates, day: date) -> Decimal:
    amounts = (rates.in_base(invoice.amount, invoice.currency, day) for invoice in invoices)
    return sum((amount for amount in amounts if amount is not None), start=Decimal(0))


def from_notes(customers: Collection[int], open_day: date, name: str, strength: Mapping[Pulse, int]) -> Iterator[Row]:
    """Yield the pulses as they were given, the day's last one winning. One query."""
    notes = Note.objects.filter(customer__in=customers).exclude(pulse="").order_by("at")
    for customer, at, pulse in notes.values_list("customer_id", "at", "pulse"):
        if days.business_day(at) < open_day:
            yield customer, name, days.business_day(at), strength[Pulse(pulse)], pulse


def _before(open_day: date, days: Iterable[date]) -> list[date]:
    """Return the days in order, those far in the past left out: partitions and calendars begin somewhere."""
    oldest = open_day - timedelta(days=40 * 365)
    return sorted({day for day in days if oldest < day < open_day})
