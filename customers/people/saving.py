"""New people and companies of a batch, written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from customers import described
from customers.identities import Key
from customers.models import Contact, Identity
from customers.people import Company, Person, Statement


def save(people: Sequence[Person], companies: Iterable[Company], known_on: date) -> None:
    """Insert the companies that are new, those the people are at among them, then the people."""
    new = {id(person): person for person in people}.values()
    without_id = {id(c): c for c in [*companies, *(person.company for person in new)] if c.id is None}.values()
    described.create_customers([company.row for company in without_id if company.row is not None], known_on)
    for company in without_id:
        assert company.row is not None
        company.id = company.row.pk
    rows = []
    for person in new:
        assert person.row is not None and person.company.id is not None
        person.row.customer_id = person.company.id
        rows.append(person.row)
    # After the customers, whose ids they need, and before the identities that name them.
    Contact.objects.bulk_create(rows)
    for person in new:
        person.id = person.row.pk if person.row else None


def name(
    identities: Sequence[Identity],
    people: Mapping[Key, Person],
    companies: Mapping[Key, Company],
    links: Mapping[Key, Statement],
) -> dict[Key, int]:
    """Insert the names of the people and companies, which are saved; return their ids."""
    for identity in identities:
        key = (identity.kind, identity.value)
        if key in links:
            identity.linked_at, identity.linked_hash = links[key]
        if key in people:
            person = people[key]
            identity.contact_id, identity.via = person.whole.id, person.id if person.into else None
        else:
            identity.customer_id = companies[key].id
    Identity.objects.bulk_create(identities)
    return {(identity.kind, identity.value): identity.pk for identity in identities}
