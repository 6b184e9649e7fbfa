"""Customers made and changed by staff, imports and other systems. One verb for each change."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core import days, locks
from customers import described
from customers.models import Customer, Identity, IdentityKind

FIELDS = (
    "name", "kind", "domain", "stage", "plan", "seats", "mrr", "currency", "industry", "country",
    "owner_id", "second_owner_id", "team_id", "tags", "attributes", "churned_on", "parent_id",
)  # fmt: skip
_LOCK = 2


@transaction.atomic
def upsert(rows: Sequence[Mapping[str, Any]], *, now: datetime, known_on: date | None = None) -> dict[str, int]:
    """Create or update customers by company id; return company id → customer.

    Each row has "company_id" and any of FIELDS; what it does not name stays as it is. Stage, plan and revenue are
    logged as known on `known_on` (a declared history import), else on the open day. Raises ValueError for an
    unknown field. Eight queries, whatever the number of rows.
    """
    wanted = {str(row["company_id"]): row for row in rows}
    if unknown := {name for row in rows for name in row} - {*FIELDS, "company_id"}:
        raise ValueError(f"A customer has no field {sorted(unknown)[0]!r}. Fields: {', '.join(FIELDS)}.")
    open_day = days.lock_open_day(now)
    locks.hold(locks.Space.JOB, [_LOCK])
    found = dict(
        Identity.objects.filter(kind=IdentityKind.COMPANY, value__in=wanted)
        .order_by("pk")
        .values_list("value", "customer_id")
    )
    customers = {
        row.pk: row for row in Customer.objects.select_for_update().filter(pk__in=found.values()).order_by("pk")
    }
    changed = [_set(customers[pk], wanted[company]) for company, pk in found.items()]
    Customer.objects.bulk_update(changed, [*(name.removesuffix("_id") for name in FIELDS), "provisional"], 1_000)
    made = {
        company: _set(Customer(name=company, created_at=now), row)
        for company, row in wanted.items()
        if company not in found
    }
    described.create_customers(list(made.values()), known_on or open_day)
    described.log_inputs(changed, known_on or open_day)
    Identity.objects.bulk_create(
        Identity(kind=IdentityKind.COMPANY, value=company, customer=row) for company, row in made.items()
    )
    return {**found, **{company: row.pk for company, row in made.items()}}


def _set(customer: Customer, row: Mapping[str, Any]) -> Customer:
    for name, value in row.items():
        if name != "company_id":
            setattr(customer, name, value)
    customer.provisional = False
    return customer
