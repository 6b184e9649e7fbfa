"""Invoices: rows, events of being issued, paid and overdue, and the overdue amount as an input of health."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from core import days
from core.jobs import periodic
from core.money import Rates
from customers import change_feed, inputs
from events import own
from events.models import Source
from records import past_inputs, rows
from records.models import Invoice

JOB = "overdue-invoices"
OVERDUE = "overdue"  # the input's name; thousandths of the base currency


@transaction.atomic
def write(
    invoices: Sequence[Mapping[str, Any]], *, now: datetime, source: Source | None = None, history: bool = False
) -> list[Invoice]:
    """Write invoices, their events and the customers' overdue amounts; see `rows.save` for what a row holds."""
    open_day = days.lock_open_day(now)
    saved = rows.save(Invoice, invoices)
    messages = [message for invoice in saved for message in _events(invoice, now)]
    own.store(messages, source=source or rows.source(now), now=now, history=history)
    customers = {invoice.customer_id for invoice in saved}
    if history:
        # A declared history: each past day gets its amount as it stood then.
        inputs.log(past_inputs.from_invoices(customers, open_day, OVERDUE))
    _note_overdue(customers, open_day)
    return saved


def note_overdue(*, now: datetime) -> int:
    """Once a day: log what time alone made overdue, as events and as inputs; return how many invoices fell due."""
    today = days.business_day(now)
    periodic.drop_others(JOB, today.isoformat())
    periodic.plan(JOB, today.isoformat())
    run = periodic.claim(JOB, now=now, period=today.isoformat())
    if run is None:
        return 0
    with transaction.atomic():
        open_day = days.lock_open_day(now)
        # A month back: days on which no worker ran are made up for, and events written before are repeats.
        late = list(unpaid_on(today).filter(due_on__gte=today - timedelta(days=31)).order_by("customer_id", "id"))
        messages = [message for invoice in late for message in _events(invoice, now)]
        own.store(messages, source=rows.source(now), now=now)
        _note_overdue(set(unpaid_on(today).values_list("customer_id", flat=True)), open_day)
    periodic.finish(run, now=now)
    return len(late)


def is_overdue_on(day: date) -> Q:
    """Return the condition of invoices that were due before the day and are neither paid nor cancelled.

    Of more than 0: a credit note is nothing anybody owes. Without a due day it is false, not unknown: it can sort.
    """
    return Q(due_on__isnull=False, due_on__lt=day, paid_on=None, is_void=False, amount__gt=0)


def unpaid_on(day: date) -> QuerySet[Invoice]:
    return Invoice.objects.filter(is_overdue_on(day))


def _events(invoice: Invoice, now: datetime) -> Iterator[dict[str, Any]]:
    if invoice.is_void:
        return
    worth = {"number": invoice.number, "value": float(invoice.amount), "currency": invoice.currency}
    yield rows.event(invoice, "Invoice issued", invoice.issued_on, "issued", now=now, properties=worth)
    due = invoice.due_on
    # Paid late counts as overdue too: it was, until it was paid.
    if due and invoice.amount > 0 and due < (invoice.paid_on or days.business_day(now)):
        yield rows.event(invoice, "Invoice overdue", due + days.ONE_DAY, "overdue", now=now, properties=worth)
    if invoice.paid_on:
        yield rows.event(invoice, "Invoice paid", invoice.paid_on, "paid", now=now, properties=worth)


def _note_overdue(customers: Collection[int], open_day: date) -> None:
    """Log the amount overdue of these customers; none is a known 0. Amounts without a rate are left out."""
    sums = unpaid_on(open_day).filter(customer__in=customers).values_list("customer_id", "currency")
    overdue = list(sums.annotate(total=Sum("amount")))
    rates = Rates({currency for _, currency, _ in overdue} | {settings.BASE_CURRENCY})
    totals = dict.fromkeys(customers, Decimal(0))
    for customer, currency, total in overdue:
        totals[customer] += rates.in_base(total, currency, open_day) or 0
    inputs.note((customer, OVERDUE, open_day, inputs.thousandths(total), None) for customer, total in totals.items())
    change_feed.note(customers)
