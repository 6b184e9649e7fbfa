"""Which customer a contact belonged to when. Written by whoever holds the contact's names (customers.identities)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from core.db import bulk, direct
from customers import identities
from customers.models import Contact
from customers.models.contact import BEGINNING
from customers.models.membership import Membership


class Row(NamedTuple):
    """A membership as it is written: the table's columns."""

    contact: int
    from_at: datetime
    message_hash: bytes
    customer: int
    person: int | None
    origin: Membership.Origin
    via_contact: int | None = None
    via_customer: int | None = None


class Present(NamedTuple):
    """The customer a contact belongs to now, and since when without a break."""

    customer: int
    since: datetime


class Period(NamedTuple):
    """A customer a contact belonged to, from when until when: None for what is open."""

    customer: int
    since: datetime | None
    until: datetime | None


def customer_at(contact: str, at: str) -> str:
    """Return as SQL the customer of a contact at an instant, both SQL; NULL for one without memberships."""
    of_contact = f"SELECT customer_id FROM customers_membership AS said WHERE said.contact_id = {contact}"  # noqa: S608
    return f"""COALESCE(
        ({of_contact} AND said.from_at <= {at} ORDER BY said.from_at DESC, said.message_hash LIMIT 1),
        ({of_contact} ORDER BY said.from_at, said.message_hash LIMIT 1)
    )"""


_ADD = """
    INSERT INTO customers_membership
        (contact_id, from_at, message_hash, customer_id, person_id, via_contact, via_customer, origin)
    SELECT * FROM unnest(
        %s::bigint[], %s::timestamptz[], %s::bytea[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[]
    ) ON CONFLICT DO NOTHING
"""
_AT = f"""
    SELECT {customer_at("asked.contact", "asked.at")}
    FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS asked (contact, at, place) ORDER BY place
"""  # noqa: S608
_MOVES = """
    WITH said AS (
        SELECT DISTINCT ON (contact_id, from_at) contact_id, from_at, customer_id FROM customers_membership
        WHERE contact_id = ANY(%s::bigint[]) ORDER BY contact_id, from_at, message_hash
    ), changes AS (
        SELECT *, customer_id IS DISTINCT FROM lag(customer_id) OVER (PARTITION BY contact_id ORDER BY from_at) AS moved
        FROM said
    )
"""
_PRESENT = f"""
    {_MOVES} SELECT DISTINCT ON (contact_id) contact_id, customer_id, from_at FROM changes WHERE moved
    ORDER BY contact_id, from_at DESC
"""  # noqa: S608
_PERIODS = f"""
    {_MOVES} SELECT customer_id, from_at, lead(from_at) OVER (ORDER BY from_at) FROM changes WHERE moved
    ORDER BY from_at DESC LIMIT %s
"""  # noqa: S608
_SET_PRESENT = """
    UPDATE customers_contact AS contact SET customer_id = new.customer, joined_at = new.since
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS new (contact, customer, since)
    WHERE contact.id = new.contact
      AND (contact.customer_id, contact.joined_at) IS DISTINCT FROM (new.customer, new.since)
"""


def add(rows: Collection[Row]) -> None:
    """Write memberships; those that stand already stay. One query, none without rows."""
    if rows:
        contacts, instants, hashes, customers, persons, origins, *via = zip(*sorted(rows), strict=True)
        columns = [bulk.array(column) for column in (contacts, instants, hashes, customers, persons, *via)]
        direct.execute(_ADD, [*columns, bulk.texts(origins)])


def customers_at(asked: Sequence[tuple[int, datetime]]) -> list[int | None]:
    """Return where each contact belonged at its instant, None for one without memberships. One query."""
    if not asked:
        return []
    contacts, instants = zip(*asked, strict=True)
    return [customer for (customer,) in direct.execute(_AT, [*map(bulk.array, (contacts, instants))]).fetchall()]


def present(contacts: Collection[int]) -> Mapping[int, Present]:
    """Return where contacts belong now, but for those without memberships. One query, none without contacts."""
    if not contacts:
        return {}
    found = direct.execute(_PRESENT, [bulk.array(sorted(contacts))]).fetchall()
    return {contact: Present(customer, since) for contact, customer, since in found}


def periods(contact: int, *, most: int) -> Sequence[Period]:
    """Return where a contact belonged, the latest first, so many at most. One query."""
    found = direct.execute(_PERIODS, [bulk.array([contact]), most]).fetchall()
    return [Period(customer, None if since == BEGINNING else since, until) for customer, since, until in found]


def set_present(presents: Mapping[int, Present]) -> None:
    """Write where contacts belong now into their rows, which is only a copy. One query, none without contacts."""
    if presents:
        contacts, rows = zip(*sorted(presents.items()), strict=True)
        customers, since = zip(*rows, strict=True)
        direct.execute(_SET_PRESENT, [*map(bulk.array, (contacts, customers, since))])


def keep_with(customers: Collection[int]) -> None:
    """Have the people of those customers that are in no list stay with them, as they are about to be listed.

    In the caller's transaction, before it locks the customers. One query, four more when there are any.
    """
    contacts = dict(
        Contact.objects.filter(customer__in=customers, customer__provisional=True).values_list("pk", "customer")
    )
    if contacts:
        identities.lock_contacts(contacts)
        own = Membership.Origin.LISTED
        add([Row(contact, BEGINNING, bytes(16), customer, None, own) for contact, customer in contacts.items()])
        set_present({contact: Present(customer, BEGINNING) for contact, customer in contacts.items()})
