"""What identify and group calls say about people and companies: each field's latest timestamp wins.

Also the writing of new customers, which every door shares.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, Model, QuerySet

from core.db import bulk
from core.names import addresses
from core.names.cleaning import cleaned_name
from customers import change_feed, inputs
from customers.consent import refusals
from customers.consent.addresses import digest
from customers.described import companies
from customers.described.companies import CompanyCall
from customers.models import Contact, Customer, Identity, IdentityKind

if TYPE_CHECKING:
    from customers.people import Company, Person

M = TypeVar("M", bound=Model)

# trait → field; a trait without a field of its own is kept among `traits`.
PERSON_FIELDS = {"name": "name", "email": "email", "title": "role", "role": "role", "locale": "locale"}
REFUSAL = "survey_opt_out"  # the trait by which a site or an app says that a person wants no surveys
_PERSON_COLUMNS = (*sorted({*PERSON_FIELDS.values()}), "traits", "set_at", "survey_opt_out", "address")


def create_customers(rows: Sequence[Customer], known_on: date) -> None:
    """Insert customers with their `rapport` identities and first inputs.

    A provisional customer has no inputs yet: its history begins when somebody names it. At most six queries.
    """
    bulk.insert(rows)
    bulk.insert([Identity(kind=IdentityKind.RAPPORT, value=str(row.pk), customer_id=row.pk) for row in rows])
    log_inputs([row for row in rows if not row.provisional], known_on)


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
    bulk.update(rows, ["name", "provisional"])
    log_inputs(rows, known_on)


@dataclass(slots=True)
class Batch:
    """The descriptions of one batch, applied row by row under lock, in order of id."""

    people: list[tuple["Person", Mapping[str, Any], datetime]] = field(default_factory=list)
    companies: list[tuple["Company", CompanyCall]] = field(default_factory=list)
    folded: list[tuple["Person", "Person"]] = field(default_factory=list)

    def fold(self, person: "Person", into: "Person") -> None:
        """Note that a person turned out to be another one, whom all descriptions of the first then describe."""
        self.folded.append((person, into))

    def person(self, person: "Person", traits: Mapping[str, Any], at: datetime) -> None:
        if traits:
            self.people.append((person, traits, at))

    def company(self, company: "Company", call: CompanyCall) -> None:
        self.companies.append((company, call))

    def save(self, known_on: date, now: datetime) -> None:
        self._save_companies(known_on)
        self._save_people(now)

    def _save_companies(self, known_on: date) -> None:
        if not self.companies:
            return
        ids = [company.id for company, _ in self.companies if company.id is not None]
        # Locked in order of id, as every writer does, so that two batches cannot deadlock.
        rows = {row.pk: row for row in _locked(Customer).filter(pk__in=ids).order_by("pk")}
        before = {pk: _inputs(row) for pk, row in rows.items()}
        for company, call in self.companies:
            if company.id in rows:
                companies.describe(rows[company.id], call)
        bulk.update(rows.values(), companies.COLUMNS)
        changed = {pk for pk, row in rows.items() if _inputs(row) != before[pk]}
        inputs.note(
            entry
            for pk, row in rows.items()
            for entry in (inputs.from_customer if pk in changed else inputs.attributes)(row, known_on)
        )
        new = {company.id for company, _ in self.companies if company.row is not None}  # noted when they were made
        change_feed.note(changed - new)

    def _save_people(self, now: datetime) -> None:
        if not self.people and not self.folded:
            return
        people = [*(person for person, _, _ in self.people), *(person for pair in self.folded for person in pair)]
        ids = [person.id for person in people if person.id is not None]
        rows = {row.pk: row for row in _locked(Contact).filter(pk__in=ids).order_by("pk")}
        before = {pk: (row.email, row.survey_opt_out) for pk, row in rows.items()}
        for person, into in self.folded:
            if person.id in rows and into.id in rows:
                fold(rows[person.id], into=rows[into.id])
        called = {person.id for person, traits, _ in self.people if person.id in rows and _refuses(traits)}
        for person, traits, at in self.people:
            if person.id in rows:
                describe(rows[person.id], _with_full_name(_but_refusal(traits)), at)
        for pk in called:
            rows[pk].survey_opt_out = True
        self._let_refusals_follow(rows, before, called, now)
        bulk.update(rows.values(), _PERSON_COLUMNS)

    def _let_refusals_follow(
        self,
        rows: Mapping[int, Contact],
        before: Mapping[int, tuple[str, bool]],
        called: Collection[int],
        now: datetime,
    ) -> None:
        gone = {person.id for person, _ in self.folded}
        new = [row for pk, row in rows.items() if before[pk] != (row.email, row.survey_opt_out) and pk not in gone]
        for row in new:
            row.address = digest(row.email)
        refusals.go_over(new, refused={pk for pk, (_, refused) in before.items() if refused}, called=called, now=now)


def _inputs(row: Customer) -> tuple[Any, ...]:
    """Return what of the fields that calls set is an input of scores."""
    return row.plan, row.mrr, row.currency


def describe(row: Contact, traits: Mapping[str, Any], at: datetime) -> None:
    """Set the traits, name by name, unless a later message has set the name already."""
    instant = at.isoformat()
    for trait, value in traits.items():
        name = PERSON_FIELDS.get(trait, trait)
        # Messages come in any order: the latest timestamp wins, not the last to arrive.
        if _set_at(row, name) > at:
            continue
        if trait not in PERSON_FIELDS:
            row.traits[name] = value
        elif text := _text(name, value):
            field = row._meta.get_field(name)
            assert isinstance(field, CharField)
            # Cut, not refused: a name that is too long must not cost the event.
            setattr(row, name, text[: field.max_length])
        else:
            continue
        row.set_at[name] = instant


def _text(name: str, value: Any) -> str:
    """Return what a field holds of a trait; "" for what says nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return (addresses.email(value) or "") if name == "email" else cleaned_name(str(value))


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


def _refuses(traits: Mapping[str, Any]) -> bool:
    """Whether the traits refuse surveys. Any other value says nothing: nobody but the person takes a refusal back."""
    value = traits.get(REFUSAL)
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "yes", "1")) or value == 1


def _but_refusal(traits: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in traits.items() if name != REFUSAL} if REFUSAL in traits else traits


def _set_at(row: Contact, name: str) -> datetime:
    return datetime.fromisoformat(row.set_at.get(name, "0001-01-01T00:00:00+00:00"))


def _locked(model: type[M]) -> QuerySet[M]:
    """Lock rows against other writers, but not against the identities that name them (FOR KEY SHARE)."""
    return model._default_manager.select_for_update(no_key=True)


def _with_full_name(traits: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = [str(traits[name]) for name in ("firstName", "lastName") if traits.get(name)]
    return {**traits, "name": " ".join(parts)} if parts and "name" not in traits else traits
