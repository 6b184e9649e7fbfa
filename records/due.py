"""What time alone brings: an invoice falls due, a contract starts, a payment day or an exchange rate comes.

Each row knows the next such day (`next_on`), so days on which no worker ran are made up for.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from core import days
from core.jobs import periodic
from records import invoices, rows
from records.kinds import KINDS
from records.telling import teller, writing
from records.telling.kind import Kind

JOB = "due-records"
CHUNK = 1_000  # records in one transaction


def tell(*, now: datetime) -> int:
    """Once a day: tell what has come to pass, as events and as inputs; return how many events differed."""
    today = days.business_day(now)
    run = periodic.begin(JOB, today.isoformat(), now=now)
    if run is None:
        return 0
    told = 0
    for kind in KINDS.values():
        while (differed := _tell_some(kind, now)) is not None:
            told += differed
    _note_overdue(now)
    periodic.finish(run, now=now)
    return told


def note_rates(currencies: Collection[str], open_day: date) -> None:
    """Log the overdue amounts of customers who owe in these currencies: some were left out for want of a rate."""
    owing = invoices.unpaid_on(open_day).filter(currency__in=currencies).values_list("customer_id", flat=True)
    if customers := set(owing):
        writing.settle(invoices.KIND, customers, [], open_day)


def _tell_some(kind: Kind, now: datetime) -> int | None:
    """Tell what some records say by now; return how many events differed, None when no record waits."""
    with transaction.atomic():
        open_day = days.lock_open_day(now)
        # What was deleted is made up for when that is undone.
        waiting = kind.model._default_manager.filter(next_on__lte=days.business_day(now), customer__removed_at=None)
        # By the key, as all do who write records.
        keys = list(waiting.order_by("customer_id", "id").values_list("customer_id", "id")[:CHUNK])
        records = rows.locked(kind.model, keys)
        if not keys:
            return None
        differed = teller.tell(kind, records, teller.Telling(now, open_day, rows.source(now)))
        writing.settle(kind, {record.customer_id for record in records}, [], open_day)
    return differed


def _note_overdue(now: datetime) -> None:
    """Log the amounts overdue of all who owe any: with other rates they are other amounts."""
    with transaction.atomic():
        open_day = days.lock_open_day(now)
        owing = invoices.unpaid_on(open_day).values_list("customer_id", flat=True)
        writing.settle(invoices.KIND, set(owing), [], open_day)
