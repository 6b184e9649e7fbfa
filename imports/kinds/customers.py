"""Customers by company id; our own id finds those that have none. Empty cells leave the field as it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.names.cleaning import cleaned_name
from customers import lifecycle
from customers.described import origins
from customers.described.rules import Rules
from customers.models import Customer, FieldOrigin, Kind, Stage
from imports.cells import values
from imports.mapping import resolve, schema
from imports.mapping.schema import CHANGED, NEW, SAME, Column, ImportContext, Row
from imports.problems import Problem

PENDING = -1  # a parent that comes further down the file, and is linked in a second pass


def _identify(row: Row) -> tuple[tuple[Any, ...], bool]:
    name = row.values.get("rapport_id"), row.values.get("company_id")
    return (("rapport", name[0]) if name[0] else ("company", name[1])), True


def prefer_ours(rows: Iterable[Row]) -> None:
    """Where a parent is named by both ids, our own decides; the other is not looked for."""
    for row in rows:
        if "parent_rapport_id" in row.values:
            row.values.pop("parent_id", None)


def settle(rows: Iterable[Row]) -> None:
    """Put the parent's id, whichever was given, under "parent_id"."""
    for row in rows:
        if parent := row.values.pop("parent_rapport_id", None):
            row.values["parent_id"] = parent


def _compare(rows: Sequence[Row], _context: ImportContext) -> None:
    named = resolve.companies({row.values["company_id"] for row in rows if "rapport_id" not in row.values})
    ours = [row.values["rapport_id"] for row in rows if "rapport_id" in row.values]
    stand = resolve.existing([*named.values(), *ours])
    rules = Rules.of_sources()
    for row in rows:
        customer = stand.get(_standing(row, named) or 0)
        if customer is None:
            row.becomes = NEW
        else:
            _leave_what_is_not_seen(row, customer)
            _leave_what_is_decided(row, customer, rules)
            row.becomes = CHANGED if _differs(row, customer) else SAME


def _standing(row: Row, named: Mapping[str, int]) -> int | None:
    ours: int | None = row.values.get("rapport_id")
    return ours or named.get(row.values.get("company_id", ""))


def _leave_what_is_not_seen(row: Row, customer: Customer) -> None:
    """Leave texts that differ from what stands by blanks around it, or what is not seen: cells are read without."""
    for name in [name for name, value in row.values.items() if isinstance(value, str) and name in lifecycle.FIELDS]:
        stands = getattr(customer, name)
        if isinstance(stands, str) and row.values[name] == cleaned_name(stands) != stands:
            del row.values[name]
    for name, text in list(row.rest.items()):
        stands = customer.attributes.get(name)
        if isinstance(stands, str) and text == stands.strip() != stands:
            del row.rest[name]


def _leave_what_is_decided(row: Row, customer: Customer, rules: Rules) -> None:
    for name in origins.decided(customer, FieldOrigin.FILE, rules):
        if name in row.values and row.values.pop(name) != getattr(customer, name):
            row.notices.append(Problem("decided", name))


def _differs(row: Row, customer: Customer) -> bool:
    fields = (value != getattr(customer, name) for name, value in row.values.items() if name in lifecycle.FIELDS)
    rest = (values.as_text(customer.attributes.get(name)) != text for name, text in row.rest.items())
    # A provisional customer changes by being named at all: it becomes a real one.
    return customer.provisional or any(fields) or any(rest)


def _write(rows: Sequence[Row], context: ImportContext) -> Iterable[int]:
    attributes = _attributes([row for row in rows if row.rest])
    added, edited = [], {}
    for row in rows:
        fields = _fields(row, attributes.get(row.number, {}))
        if "rapport_id" in row.values:
            # Found by our own id: it may have no company id to be upserted by.
            edited[row.values["rapport_id"]] = fields
        else:
            added.append({"company_id": row.values["company_id"], **fields})
    act = f"import:{context.job}"  # one act, however many chunks
    if added:
        lifecycle.upsert(added, now=context.now, by=context.by, origin=FieldOrigin.FILE, act=act)
    if edited:
        lifecycle.edit(edited, now=context.now, by=context.by, origin=FieldOrigin.FILE, act=act)
    return ()


def _attributes(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """Return by row number the attributes that its customer has now. Two queries, none without rows."""
    if not rows:
        return {}
    named = resolve.companies({row.values["company_id"] for row in rows if "rapport_id" not in row.values})
    customers = {row.number: pk for row in rows if (pk := _standing(row, named)) is not None}
    stored = dict(Customer.objects.filter(pk__in=customers.values()).values_list("pk", "attributes"))
    return {number: stored.get(customer, {}) for number, customer in customers.items()}


def _fields(row: Row, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the row changes. Attributes that the file does not name stay as they are."""
    fields = {name: value for name, value in row.values.items() if name in lifecycle.FIELDS and value != PENDING}
    if row.rest:
        typed = {name: values.typed(text) for name, text in row.rest.items()}
        # A text such as "007" that stands and is written alike stays a text.
        kept = {name: value for name, value in attributes.items() if values.as_text(value) == row.rest.get(name)}
        fields["attributes"] = {**attributes, **typed, **kept}
    return fields


def _link(rows: Sequence[Row], context: ImportContext) -> None:
    """Set the parents that were not in the database yet when their children were written."""
    rows = [row for row in rows if row.values.get("parent_id") not in (None, PENDING)]
    # Again, because the customers of this file have only now got their ids.
    named = resolve.companies({row.values["company_id"] for row in rows if "company_id" in row.values})
    parents = {pk: row.values["parent_id"] for row in rows if (pk := _standing(row, named))}
    stand = Customer.objects.filter(pk__in=parents).values_list("pk", "parent_id")
    changes = {pk: {"parent_id": parents[pk]} for pk, parent in stand if parent != parents[pk]}
    lifecycle.edit(changes, now=context.now, by=context.by)


_FIELDS = (
    Column("company_id", _("Company id"), values.identifier(200), is_id=True, example="acme",
           also=("id", "account id", "customer id", "external id", "group id")),
    Column("rapport_id", _("Rapport id"), values.identifier(200), also=("rapport",),
           find=resolve.customers, missing="no customer"),
    Column("name", _("Name"), values.name(200), example="Acme Ltd",
           also=("company", "company name", "customer", "account name")),
    Column("kind", _("Kind"), values.choice(Kind), also=("type",), example="company"),
    Column("domain", _("Domain"), values.name(253), also=("website", "url"), example="acme.example"),
    Column("stage", _("Stage"), values.choice(Stage), also=("status", "lifecycle"), example="active"),
    Column("plan", _("Plan"), values.name(100), also=("subscription", "tier"), example="Pro"),
    Column("seats", _("Seats"), values.whole, also=("licences", "licenses", "users"), is_amount=True, example="25"),
    Column("mrr", _("Monthly revenue"), values.amount, also=("monthly value",), is_amount=True, example="1200.50"),
    Column("currency", _("Currency"), values.currency, example="EUR"),
    Column("industry", _("Industry"), values.name(100), also=("sector",), example="Retail"),
    Column("country", _("Country"), values.name(100), example="France"),
    Column("owner_id", _("Owner"), values.email, also=("owner e-mail", "csm", "account manager"),
           find=resolve.colleagues, missing="no colleague"),
    Column("second_owner_id", _("Second owner"), values.email, find=resolve.colleagues, missing="no colleague"),
    Column("team_id", _("Team"), values.lowered(100), find=resolve.teams, missing="no team"),
    Column("tags", _("Tags"), values.tags, also=("labels",), example="vip, beta"),
    Column("churned_on", _("Churned on"), values.day, also=("churn date",), is_day=True),
    Column("parent_id", _("Parent company id"), values.identifier(200), is_id=True, also=("parent", "parent id"),
           find=resolve.companies, missing="no parent"),
    Column("parent_rapport_id", _("Parent’s Rapport id"), values.identifier(200),
           find=resolve.customers, missing="no customer"),
)  # fmt: skip

KIND = schema.ImportKind(
    name="customers",
    label=_("Customers"),
    columns=_FIELDS,
    identify=_identify,
    compare=_compare,
    write=_write,
    either=(("company_id", "rapport_id"),),
    rest="attributes",
    link=_link,
    links="parent_id",
)
