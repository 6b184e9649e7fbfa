"""Customers made and changed by staff, imports and other systems. One verb for each change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import days
from core.db import bulk, locks
from customers import described
from customers.described import assignments, origins
from customers.described.origins import Setting
from customers.described.rules import USUAL, Rules
from customers.models import Change, Contact, Customer, CustomerField, FieldOrigin, Identity, IdentityKind, Stage
from customers.people import memberships
from staff.models import User

FIELDS = (
    "name", "kind", "domain", "stage", "plan", "seats", "mrr", "currency", "industry", "country",
    "owner_id", "second_owner_id", "team_id", "tags", "attributes", "churned_on", "parent_id",
)  # fmt: skip
_WATCHED = (*FIELDS, "provisional")
_LOCK = 2  # the job "upsert customers"


@transaction.atomic
def upsert(
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    known_on: date | None = None,
    by: User | None = None,
    origin: FieldOrigin | None = None,
    act: str = "",
) -> dict[str, int]:
    """Create or update customers by company id; return company id → customer.

    Each row has "company_id" and any of FIELDS; what it does not name stays as it is. Stage, plan and revenue are
    logged as known on `known_on` (a declared history import), else on the open day. The fields a row names are noted
    as set by the `origin`: when it is not given, by staff if somebody did it, else by a file. Raises ValueError for an
    unknown field, for a circle of parents, and for a field that follows another source (origins.DecidedElsewhere).
    New owners are told, in one notice for all calls of the same `act`, unless nobody did it: by a colleague, an `act`
    or the API. Fourteen queries at most, whatever the number of rows; five more to tell.
    """
    by_company = {str(row["company_id"]): {k: v for k, v in row.items() if k != "company_id"} for row in rows}
    _refuse_unknown(by_company.values())
    open_day = days.lock_open_day(now)
    known = find(by_company)
    setting = _setting(origin, now, by)
    _write({pk: by_company[company] for company, pk in known.items()}, known_on or open_day, setting, by, act)
    made = {
        company: _set(Customer(name=company, created_at=now), row, open_day, setting)
        for company, row in by_company.items()
        if company not in known
    }
    described.create_customers(list(made.values()), known_on or open_day)
    bulk.insert([Identity(kind=IdentityKind.COMPANY, value=c, customer_id=row.pk) for c, row in made.items()])
    _tell(assignments.of_new(made.values()), setting, by, act)
    return {**known, **{company: row.pk for company, row in made.items()}}


def find(company_ids: Collection[str]) -> dict[str, int]:
    """Return company id → customer, and keep others from upserting until the transaction ends. Two queries."""
    # A lock for all upserts: rows that do not exist yet cannot be locked, and two would create one customer twice.
    locks.hold(locks.Space.JOB, [_LOCK])
    rows = Identity.objects.filter(kind=IdentityKind.COMPANY, value__in=company_ids).order_by("pk")
    return dict(rows.values_list("value", "customer_id"))


@transaction.atomic
def create(row: Mapping[str, Any], *, now: datetime, by: User | None, company_id: str = "") -> int:
    """Create one customer from any of FIELDS, with its company id if it has one; return our id. For staff.

    Raises ValueError for an unknown field.
    """
    if company_id:
        return upsert([{**row, "company_id": company_id}], now=now, by=by)[company_id]
    _refuse_unknown([row])
    open_day = days.lock_open_day(now)
    setting = _setting(None, now, by)
    made = _set(Customer(created_at=now), row, open_day, setting)
    described.create_customers([made], open_day)
    _tell(assignments.of_new([made]), setting, by)
    return made.pk


@transaction.atomic
def edit(
    changes: Mapping[int, Mapping[str, Any]],
    *,
    now: datetime,
    by: User | None,
    origin: FieldOrigin | None = None,
    act: str = "",
) -> list[int]:
    """Change customers: our id → any of FIELDS; return those that really changed.

    `origin`, `act` and what it raises are as for `upsert`. Seven queries, whatever the number; one more to set fields,
    and five to tell new owners.
    """
    _refuse_unknown(changes.values())
    open_day = days.lock_open_day(now)
    memberships.keep_with(changes)
    return _write(changes, open_day, _setting(origin, now, by), by, act)


@transaction.atomic
def tag(customers: Collection[int], tag: str, *, now: datetime, by: User | None, remove: bool = False) -> list[int]:
    """Put a tag on customers, or take it off; return those that really changed."""
    rows = Customer.objects.filter(pk__in=customers).select_for_update(no_key=True).order_by("pk")
    tags = {row.pk: [name for name in row.tags if name != tag] for row in rows}
    return edit({pk: {"tags": kept if remove else [*kept, tag]} for pk, kept in tags.items()}, now=now, by=by)


def why_gone(row: Customer | Contact) -> str:
    """Say that a customer or contact was merged or deleted by a colleague; "" when it was not."""
    if row.removed_at is not None:
        return _("“%(name)s” has been deleted.") % {"name": row}
    if row.merged_into_id is not None:
        return _("“%(name)s” has been merged into another one.") % {"name": row}
    return ""


def _refuse_unknown(rows: Collection[Mapping[str, Any]]) -> None:
    if unknown := {name for row in rows for name in row} - {*FIELDS}:
        raise ValueError(f"A customer has no field {sorted(unknown)[0]!r}. Fields: {', '.join(FIELDS)}.")


def _setting(origin: FieldOrigin | None, now: datetime, by: User | None) -> Setting:
    return Setting(origin or (FieldOrigin.FILE if by is None else FieldOrigin.STAFF), now)


def _tell(gained: Mapping[int, set[int]], setting: Setting, by: User | None, act: str = "") -> None:
    """Tell new owners, unless nobody did it: a sample's customers have theirs from the beginning."""
    if by is not None or act or setting.origin == FieldOrigin.API:
        assignments.tell(gained, by=by, now=setting.at, act=act)


def _write(
    changes: Mapping[int, Mapping[str, Any]], known_on: date, setting: Setting, by: User | None, act: str
) -> list[int]:
    """Change rows under lock, in order of id; leave a Change of what differs afterwards; return who differs."""
    rows = list(Customer.objects.filter(pk__in=changes).select_for_update(no_key=True).order_by("pk"))
    for row in rows:
        if refusal := why_gone(row):
            raise ValueError(refusal)
    rules = origins.rules_for(changes.values()) if rows else USUAL
    changed, noted, log = [], [], []
    for row in rows:
        before, known_from = {name: getattr(row, name) for name in _WATCHED}, dict(origins.begin(row))
        origins.refuse_what_is_decided(row, changes[row.pk], setting.origin, rules)
        _set(row, changes[row.pk], known_on, setting, rules)
        if row.field_origins != known_from:
            noted.append(row)
        different = {
            name: (before[name], getattr(row, name)) for name in _WATCHED if before[name] != getattr(row, name)
        }
        if different:
            changed.append(row)
            plain = {name: [_plain(value) for value in pair] for name, pair in different.items()}
            log.append(Change(customer=row, at=setting.at, by=by, fields=plain))
    _refuse_circles([row for row in changed if row.parent_id and "parent_id" in changes[row.pk]])
    bulk.update({row.pk: row for row in (*changed, *noted)}.values(), (*_WATCHED, "field_origins"))
    bulk.insert(log)
    described.log_inputs(rows, known_on)
    _tell(assignments.of_changed(log), setting, by, act)
    return [row.pk for row in changed]


def _set(customer: Customer, row: Mapping[str, Any], today: date, setting: Setting, rules: Rules = USUAL) -> Customer:
    before = {field: getattr(customer, field) for field in CustomerField.values}
    for name, value in row.items():
        setattr(customer, name, value)
    origins.note(customer, before, row, setting, rules)
    customer.provisional = False
    if customer.stage in Stage.followed():
        if row.get("churned_on"):
            raise ValueError(
                "A customer on trial or active has not churned. Change the stage too, or leave out the day."
            )
        # One that came back; who is archived later keeps the day.
        customer.churned_on = None
    elif customer.stage == Stage.CHURNED and customer.churned_on is None:
        customer.churned_on = today
    return customer


def _plain(value: Any) -> Any:
    """Return what JSON can hold, and a person can read."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


_ANCESTORS = """
    WITH RECURSIVE up (id, parent_id) AS (
        SELECT id, parent_id FROM customers_customer WHERE id = ANY(%s)
        UNION SELECT above.id, above.parent_id FROM customers_customer AS above JOIN up ON above.id = up.parent_id
    ) SELECT id, parent_id FROM up
"""


def _refuse_circles(rows: Sequence[Customer]) -> None:
    """Raise ValueError when a customer would stand above itself. One query, none without new parents."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS, [[row.parent_id for row in rows]])
        parents: dict[int | None, int | None] = dict(cursor.fetchall())
    # With the new parents: a circle may be closed by two changes of one batch.
    parents |= {row.pk: row.parent_id for row in rows}
    for row in rows:
        above, seen = row.parent_id, {row.pk}
        while above is not None:
            if above in seen:
                raise ValueError(f"“{row.name}” would stand above itself. Choose another parent.")
            seen.add(above)
            above = parents.get(above)
