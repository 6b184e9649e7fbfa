"""Load Online Retail: each invoice of a known customer is an order, or the cancellation of one."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from core import days
from customers import lifecycle
from customers.models import Identity, IdentityKind
from events.models import Channel, Source
from samples.loading import feed, finish, rates
from samples.loading.feed import Tally
from samples.loading.progress import Phases
from samples.online_retail import invoices
from samples.online_retail.invoices import Invoice

NAME = "online-retail"
LAST_DAY = date(2011, 12, 9)
CURRENCY = "GBP"
_SOURCES = {False: "Sample: Online Retail", True: "Sample: Online Retail, moved to today"}


class LoadedOtherwise(Exception):
    """The sample is there already with its other dates; both at once would count each order twice."""


def load(*, shift_to_today: bool, now: datetime, phases: Phases) -> Tally:
    """Load, or load on, and return what became of the invoices. Raises LoadedOtherwise."""
    source = _source(now, shift_to_today)
    finish.begin(NAME, now)
    for currency in rates.ensure([CURRENCY]):
        phases.out.write(f"There is no rate for {currency}: amounts in it stay unknown.")
    # The day the source was made, not today: a load that is continued tomorrow must not move the dates.
    last_day = days.business_day(source.created_at) if shift_to_today else LAST_DAY
    tally = Tally()
    usable = _usable(last_day - LAST_DAY, source.created_at, tally)
    with phases.phase("Customers"):
        customers = _customers(usable, now)
        feed.feed(_people(usable), Tally(), source=source, now=now)
    with phases.phase("Invoices") as progress:
        # Customer by customer, so that a batch touches few of them.
        by_customer = sorted(usable, key=lambda invoice: (invoice.customer, invoice.time, invoice.number))
        sent = feed.counted((_message(invoice) for invoice in by_customer), len(usable), progress)
        feed.feed(sent, tally, source=source, now=now)
    finish.score(phases, customers, days.business_day(usable[0].time), last_day, now)
    finish.finish(NAME, now)
    return tally


def _usable(shift: timedelta, loaded_at: datetime, tally: Tally) -> list[Invoice]:
    """Return the invoices that have a customer and have happened, in order of time; count the others."""
    usable = []
    for invoice in invoices.read():
        tally.read += 1
        moved = invoices.moved(invoice, shift)
        if not moved.customer:
            tally.skipped["the invoice names no customer"] += 1
        elif moved.time > loaded_at:
            tally.skipped["later than the hour of loading"] += 1
        else:
            usable.append(moved)
    return usable


def _source(now: datetime, shift: bool) -> Source:
    if Source.objects.filter(name=_SOURCES[not shift]).exists():
        dates = "with its own dates" if shift else "moved to today"
        raise LoadedOtherwise(f"Online Retail is loaded already, {dates}. It can be loaded in one way only.")
    made = {"kind": Source.Kind.SAMPLE, "channel": Channel.PURCHASE, "created_at": now}
    return Source.objects.get_or_create(name=_SOURCES[shift], defaults=made)[0]


def _customers(usable: Iterable[Invoice], now: datetime) -> list[int]:
    """Create the buyers that are missing, each known as active from its first invoice's day; return all.

    They are shops that buy wholesale: companies. The country is the first invoice's (eight have two).
    """
    # Invoices are in order of time, so the first one met is the earliest.
    first: dict[str, Invoice] = {}
    for invoice in usable:
        first.setdefault(invoice.customer, invoice)
    known = Identity.objects.filter(kind=IdentityKind.COMPANY, value__in=first)
    ids = dict(known.values_list("value", "customer_id"))
    by_day: dict[date, list[dict[str, Any]]] = {}
    for number, invoice in first.items():
        if number not in ids:
            by_day.setdefault(days.business_day(invoice.time), []).append(_customer(invoice))
    with transaction.atomic():
        for day, wanted in by_day.items():
            ids |= lifecycle.upsert(wanted, now=now, known_on=day)
    return list(ids.values())


def _customer(invoice: Invoice) -> dict[str, Any]:
    return {
        "company_id": invoice.customer,
        "name": f"Customer {invoice.customer}",
        "stage": "active",
        "currency": CURRENCY,
        "industry": "Retail",
        "country": "" if invoice.country == "Unspecified" else invoice.country,
    }


def _people(usable: Iterable[Invoice]) -> Iterator[dict[str, Any]]:
    """Yield one nameless buyer for each customer: the data set knows no people."""
    seen: set[str] = set()
    for invoice in usable:
        if invoice.customer not in seen:
            seen.add(invoice.customer)
            shared = {"userId": invoice.customer, "timestamp": _at(invoice)}
            traits = {"name": f"Buyer {invoice.customer}"}
            number = f"online-retail-{invoice.customer}"
            yield {"type": "identify", "messageId": f"{number}-identify", **shared, "traits": traits}
            yield {"type": "group", "messageId": f"{number}-group", **shared, "groupId": invoice.customer}


def _message(invoice: Invoice) -> dict[str, Any]:
    """A cancellation's amount is what was taken back, above zero: a loss is a type of its own."""
    return {
        "type": "track",
        "messageId": f"online-retail-{invoice.number}",
        "userId": invoice.customer,
        "event": "Order cancelled" if invoice.cancelled else "Order completed",
        "timestamp": _at(invoice),
        "context": {"groupId": invoice.customer},
        "properties": {
            "total": float(abs(invoice.amount)),
            "currency": CURRENCY,
            "invoice": invoice.number,
            "lines": invoice.lines,
            "quantity": abs(invoice.quantity),
        },
    }


def _at(invoice: Invoice) -> str:
    return f"{invoice.time:%Y-%m-%dT%H:%M:%SZ}"
