"""Resolves what a file names (companies, colleagues, surveys, people) to ids. One query for a whole chunk of rows."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models.functions import Lower

from customers.models import Contact, Customer, Identity, IdentityKind
from imports.mapping.schema import Row
from imports.problems import Problem, shown
from staff.models import Team, User
from surveys.models import Survey, SurveyStatus


def companies(names: Collection[str]) -> Mapping[str, int]:
    return _customers(IdentityKind.COMPANY, names)


def customers(names: Collection[str]) -> Mapping[str, int]:
    """By our own id; that of a customer who was merged leads to the other."""
    return _customers(IdentityKind.RAPPORT, names)


def _customers(kind: str, names: Collection[str]) -> dict[str, int]:
    rows = Identity.objects.filter(kind=kind, value__in=names, customer__isnull=False, customer__removed_at=None)
    return {value: customer for value, customer in rows.values_list("value", "customer_id") if customer is not None}


def colleagues(names: Collection[str]) -> Mapping[str, int]:
    rows = User.objects.annotate(lower=Lower("email")).filter(lower__in=names)
    return dict(rows.values_list("lower", "pk"))


def teams(names: Collection[str]) -> Mapping[str, int]:
    rows = Team.objects.values_list("name", "pk")
    return {name.casefold(): pk for name, pk in rows if name.casefold() in names}


def company_ids(customers: Iterable[int]) -> dict[int, str]:
    """Return customer → one of its company ids."""
    rows = Identity.objects.filter(kind=IdentityKind.COMPANY, customer__in=set(customers)).order_by("-pk")
    return {customer: value for customer, value in rows.values_list("customer_id", "value") if customer is not None}


def names(customers: Collection[int], reader: User | None) -> dict[int, str]:
    """Return the names of those customers that the reader may see. One query, none without customers or a reader."""
    if not customers or reader is None:
        return {}
    return dict(Customer.objects.visible_to(reader).filter(pk__in=customers).values_list("pk", "name"))


def link_contacts(rows: Collection[Row]) -> None:
    """Turn e-mails in "contact_id" into contacts of the row's customer."""
    with_email = [row for row in rows if isinstance(row.values.get("contact_id"), str) and not row.problems]
    if not with_email:
        return
    at = {row.values["customer_id"] for row in with_email}
    contacts = Contact.objects.standing().filter(customer__in=at).annotate(lower=Lower("email"))
    matching = contacts.filter(lower__in={row.values["contact_id"] for row in with_email})
    known = {(customer, email): pk for customer, email, pk in matching.values_list("customer_id", "lower", "pk")}
    for row in with_email:
        email = row.values["contact_id"]
        contact = known.get((row.values["customer_id"], email))
        if contact is None:
            row.problems.append(Problem("no contact", params={"got": shown(email)}))
        row.values["contact_id"] = contact


def surveys(names: Collection[str]) -> Mapping[str, int]:
    """By name: of several, and of several versions, the newest that was started."""
    rows = Survey.objects.exclude(status=SurveyStatus.DRAFT).filter(name__in=names).order_by("pk")
    return dict(rows.values_list("name", "pk"))


def people(rows: Collection[Row]) -> None:
    """Put under "contact" whom a user id, else an e-mail, names; under "customer_id" where they are. Two queries."""
    keys = {row.number: key for row in rows if (key := _person_key(row)) is not None}
    named = Identity.objects.filter(
        kind__in={kind for kind, _ in keys.values()},
        value__in={value for _, value in keys.values()},
        contact__removed_at=None,
    )
    contacts = {
        (identity.kind, identity.value): identity.contact
        for identity in named.select_related("contact")
        if identity.contact
    }
    for row in rows:
        key = keys.get(row.number)
        contact = contacts.get(key) if key else None
        if key and contact is None:
            row.problems.append(Problem("no person", params={"got": shown(key[1])}))
        elif key and contact and row.values.get("customer_id", contact.customer_id) != contact.customer_id:
            row.problems.append(Problem("other company", params={"got": shown(key[1])}))
        elif contact:
            row.values |= {"contact": contact, "customer_id": contact.customer_id}


def _person_key(row: Row) -> tuple[str, str] | None:
    if row.values.get("user_id"):
        return IdentityKind.USER, row.values["user_id"]
    return (IdentityKind.EMAIL, row.values["email"]) if row.values.get("email") else None


def existing(pks: Collection[int]) -> dict[int, Customer]:
    return Customer.objects.in_bulk(set(pks))
