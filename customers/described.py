"""What identify and group calls say about people and companies: each field's latest timestamp wins.

Also the writing of new customers, which every door shares.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, Model, QuerySet

from core.db import bulk
from customers import change_feed, inputs
from customers.models import Contact, Customer, Identity, IdentityKind

if TYPE_CHECKING:
    from customers.people import Company, Person

M = TypeVar("M", bound=Model)

# trait → field; a trait without a field of its own is kept among `traits` or `attributes`.
PERSON_FIELDS = {"name": "name", "email": "email", "title": "role", "role": "role", "locale": "locale"}
COMPANY_FIELDS = {
    "name": "name",
    "plan": "plan",
    "industry": "industry",
    "country": "country",
    "domain": "domain",
    "website": "domain",
}
_PERSON_COLUMNS = (*sorted({*PERSON_FIELDS.values()}), "traits", "set_at", "survey_opt_out")
_COMPANY_COLUMNS = (*sorted({*COMPANY_FIELDS.values()}), "attributes", "set_at")


def create_customers(rows: Sequence[Customer], known_on: date) -> dict[int, int]:
    """Insert customers with their `rapport` identities and first inputs; return customer → that identity.

    A provisional customer has no inputs yet: its history begins when somebody names it. At most six queries.
    """
    bulk.insert(rows)
    identities = [Identity(kind=IdentityKind.RAPPORT, value=str(row.pk), customer_id=row.pk) for row in rows]
    bulk.insert(identities)
    log_inputs([row for row in rows if not row.provisional], known_on)
    return {row.pk: identity.pk for row, identity in zip(rows, identities, strict=True)}


def log_inputs(rows: Sequence[Customer], known_on: date) -> None:
    """Log stage, plan and monthly revenue as known on the day, and mark the customers for scoring."""
    inputs.note(row for customer in rows for row in inputs.from_customer(customer, known_on))
    change_feed.note(customer.pk for customer in rows)


def name_provisional(named: Iterable[tuple[int, str]], known_on: date) -> None:
    """Turn provisional customers into known ones."""
    names = dict(named)
    if not names:
        return
    rows = list(_locked(Customer).filter(pk__in=names, provisional=True).order_by("pk"))
    for row in rows:
        row.name, row.provisional = names[row.pk], False
    Customer.objects.bulk_update(rows, ["name", "provisional"])
    log_inputs(rows, known_on)


@dataclass(slots=True)
class Batch:
    """The descriptions of one batch, applied row by row under lock, in order of id."""

    people: list[tuple["Person", Mapping[str, Any], datetime]] = field(default_factory=list)
    companies: list[tuple["Company", Mapping[str, Any], datetime]] = field(default_factory=list)
    folded: list[tuple["Person", "Person"]] = field(default_factory=list)

    def fold(self, person: "Person", into: "Person") -> None:
        """Note that a person turned out to be another one, whom all descriptions of the first then describe."""
        self.folded.append((person, into))

    def person(self, person: "Person", traits: Mapping[str, Any], at: datetime) -> None:
        if traits:
            self.people.append((person, traits, at))

    def company(self, company: "Company", traits: Mapping[str, Any], at: datetime) -> None:
        if traits:
            self.companies.append((company, traits, at))

    def save(self, known_on: date) -> None:
        self._save_companies(known_on)
        self._save_people()

    def _save_companies(self, known_on: date) -> None:
        if not self.companies:
            return
        ids = [company.id for company, _, _ in self.companies if company.id is not None]
        # Locked in order of id, as every writer does, so that two batches cannot deadlock.
        rows = {row.pk: row for row in _locked(Customer).filter(pk__in=ids).order_by("pk")}
        before = {pk: row.plan for pk, row in rows.items()}
        for company, traits, at in self.companies:
            if company.id in rows:
                describe(rows[company.id], _with_country(traits), at, COMPANY_FIELDS, "attributes")
        bulk.update(rows.values(), _COMPANY_COLUMNS)
        inputs.log(
            (row.pk, "plan", known_on, None, row.plan or None) for row in rows.values() if row.plan != before[row.pk]
        )
        inputs.note(entry for row in rows.values() for entry in inputs.attributes(row, known_on))

    def _save_people(self) -> None:
        if not self.people and not self.folded:
            return
        people = [*(person for person, _, _ in self.people), *(person for pair in self.folded for person in pair)]
        ids = [person.id for person in people if person.id is not None]
        rows = {row.pk: row for row in _locked(Contact).filter(pk__in=ids).order_by("pk")}
        for person, into in self.folded:
            if person.id in rows and into.id in rows:
                fold(rows[person.id], into=rows[into.id])
        for person, traits, at in self.people:
            if person.id in rows:
                describe(rows[person.id], _with_full_name(traits), at, PERSON_FIELDS, "traits")
        bulk.update(rows.values(), _PERSON_COLUMNS)


def describe(
    row: Customer | Contact, traits: Mapping[str, Any], at: datetime, fields: Mapping[str, str], rest: str
) -> None:
    """Set the traits, name by name, unless a later message has set the name already."""
    instant = at.isoformat()
    for trait, value in traits.items():
        name = fields.get(trait, trait)
        # Messages come in any order: the latest timestamp wins, not the last to arrive.
        if _set_at(row, name) > at:
            continue
        if trait not in fields:
            getattr(row, rest)[name] = value
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            field = row._meta.get_field(name)
            assert isinstance(field, CharField)
            # Cut, not refused: a name that is too long must not cost the event.
            setattr(row, name, str(value)[: field.max_length])
        else:
            continue
        row.set_at[name] = instant


def fold(person: Contact, *, into: Contact) -> None:
    """Copy the traits that were set later from the one contact to the other; opting out of surveys holds for both.

    So does objecting to being scored, which `Moving.objecting` tells: counts change with it.
    """
    for name, instant in person.set_at.items():
        if _set_at(into, name) < datetime.fromisoformat(instant):
            if name in PERSON_FIELDS:
                setattr(into, name, getattr(person, name))
            else:
                into.traits[name] = person.traits[name]
            into.set_at[name] = instant
    into.survey_opt_out = into.survey_opt_out or person.survey_opt_out


def _set_at(row: Customer | Contact, name: str) -> datetime:
    return datetime.fromisoformat(row.set_at.get(name, "0001-01-01T00:00:00+00:00"))


def _locked(model: type[M]) -> QuerySet[M]:
    """Lock rows against other writers, but not against the identities that name them (FOR KEY SHARE)."""
    return model._default_manager.select_for_update(no_key=True)


def _with_country(traits: Mapping[str, Any]) -> Mapping[str, Any]:
    address = traits.get("address")
    if "country" not in traits and isinstance(address, dict) and address.get("country"):
        return {**traits, "country": address["country"]}
    return traits


def _with_full_name(traits: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = [str(traits[name]) for name in ("firstName", "lastName") if traits.get(name)]
    return {**traits, "name": " ".join(parts)} if parts and "name" not in traits else traits
