"""Invoices: rows, events of being issued, paid and overdue, and the overdue amount as an input of health."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from core import days
from core.money import Rates
from customers import inputs
from events.models import Source
from records import past_inputs, rows
from records.models import Invoice
from records.telling import writing
from records.telling.happening import Happening, has_come
from records.telling.kind import Kind
from staff.models import User

OVERDUE = "overdue"  # the input's name; thousandths of the base currency


def write(
    invoices: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    source: Source | None = None,
    history: bool = False,
    by: User | None = None,
) -> list[Invoice]:
    """Write invoices, their events and the customers' overdue amounts; see `writing.write`."""
    return writing.write(KIND, invoices, now=now, source=source, history=history, by=by)


def is_overdue_on(day: date) -> Q:
    """Return the condition of invoices that were due before the day and are neither paid by it nor cancelled.

    Of more than 0: a credit note is nothing anybody owes. Without a due day it is false, not unknown: it can sort.
    """
    return Q(due_on__isnull=False, due_on__lt=day, is_void=False, amount__gt=0) & (
        Q(paid_on__isnull=True) | Q(paid_on__isnull=False, paid_on__gt=day)
    )


def unpaid_on(day: date) -> QuerySet[Invoice]:
    return Invoice.objects.filter(is_overdue_on(day))


def events_of(invoice: Invoice, today: date) -> Iterator[Happening]:
    """Yield what has happened to it by today; to a cancelled one nothing ever has."""
    if invoice.is_void:
        return
    worth = {"number": invoice.number, "value": float(invoice.amount), "currency": invoice.currency}
    if has_come(invoice.issued_on, today):
        yield Happening("issued", "Invoice issued", invoice.issued_on, worth)
    paid_on = invoice.paid_on if invoice.paid_on and has_come(invoice.paid_on, today) else None
    due = invoice.due_on
    # Paid late counts as overdue too: it was, until it was paid.
    if due and invoice.amount > 0 and due < (paid_on or today):
        yield Happening("overdue", "Invoice overdue", due + days.ONE_DAY, worth)
    if paid_on:
        yield Happening("paid", "Invoice paid", paid_on, worth)


def _moments(invoice: Invoice) -> Iterator[date | None]:
    if not invoice.is_void:
        yield from (invoice.issued_on, invoice.paid_on)
    if not invoice.is_void and invoice.due_on and invoice.due_on < date.max:
        yield invoice.due_on + days.ONE_DAY


def _note_overdue(customers: Collection[int], written: Sequence[Invoice], open_day: date) -> None:
    """Log the amount overdue of these customers: none is a known 0, without any invoice it is unknown.

    Amounts without a rate are left out.
    """
    unknown = rows.without(Invoice, customers, written)
    inputs.correct((customer, OVERDUE, open_day, None, None) for customer in unknown)
    sums = unpaid_on(open_day).filter(customer__in=customers).values_list("customer_id", "currency")
    overdue = list(sums.annotate(total=Sum("amount")))
    rates = Rates({currency for _, currency, _ in overdue} | {settings.BASE_CURRENCY})
    totals = dict.fromkeys(set(customers) - unknown, Decimal(0))
    for customer, currency, total in overdue:
        totals[customer] += rates.in_base(total, currency, open_day) or 0
    inputs.note((customer, OVERDUE, open_day, inputs.thousandths(total), None) for customer, total in totals.items())


def _log_past(customers: Collection[int], open_day: date) -> None:
    inputs.log(past_inputs.from_invoices(customers, open_day, OVERDUE))


KIND = Kind(
    model=Invoice,
    parts=("issued", "overdue", "paid"),
    events_of=events_of,
    moments_of=_moments,
    note_inputs=_note_overdue,
    log_past=_log_past,
)
