"""Whose an event is, and at which customer it belongs, as names and memberships say now. SQL over its row, `event`."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from customers.people.memberships import customer_at


def contact_of(row: str, person: str) -> str:
    """Return as SQL whose an event is that came under a person, both SQL."""
    return f"""COALESCE(
        (SELECT person.contact_id FROM customers_identity AS person WHERE person.id = {person}), {row}.contact_id
    )"""  # noqa: S608


def customer_of(row: str, person: str) -> str:
    """Return as SQL where it belongs: named by it, else where its contact was at the time, else where they live."""
    contact = contact_of(row, person)
    return f"""COALESCE(
        (SELECT company.customer_id FROM customers_identity AS company WHERE company.id = {row}.company_id),
        {customer_at(contact, f"{row}.occurred_at")},
        (SELECT whose.customer_id FROM customers_contact AS whose WHERE whose.id = {contact}),
        {row}.customer_id
    )"""  # noqa: S608


CONTACT = contact_of("event", "event.person_id")
CUSTOMER = customer_of("event", "event.person_id")
SAME_CONTACT = f"{CONTACT} IS NOT DISTINCT FROM event.contact_id"
IS_ELSEWHERE = f"({CONTACT}, {CUSTOMER}) IS DISTINCT FROM (event.contact_id, event.customer_id)"
_FIRST = f"""
    SELECT {CONTACT}, {CUSTOMER} FROM events_event AS event
    WHERE customer_id = %s AND contact_id = %s AND {{which}} AND {IS_ELSEWHERE} LIMIT 1
"""  # noqa: S608

_AMONG = f"""
    SELECT DISTINCT customer_id, contact_id FROM events_event AS event
    WHERE customer_id = ANY(%s::bigint[]) AND occurred_at = ANY(%s::timestamptz[]) AND contact_id IS NOT NULL
      AND void_on IS NULL AND {IS_ELSEWHERE}
"""  # noqa: S608


def among(customers: Collection[int], moments: Collection[datetime]) -> list[tuple[int, int]]:
    """Return customer and contact of live events, of these customers and instants, that belong elsewhere. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, [list(customers), list(moments)])
        return cursor.fetchall()


def elsewhere(customer: int, contact: int, *, withdrawn_too: bool) -> tuple[int, int] | None:
    """Return contact and customer that some event of the contact at the customer belongs to; None when all are right.

    One query.
    """
    which = "TRUE" if withdrawn_too else "void_on IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(which=which), [customer, contact])
        row: Sequence[int] | None = cursor.fetchone()
    return (row[0], row[1]) if row else None
