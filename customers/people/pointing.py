"""Contacts and customers that stand for others: colleagues merged those into them.

A merged row stays, hidden, with `merged_into`. Its names and what was stated of it point at the one that counts, and
keep in `via` whose they are by themselves: so everything that looks names up finds the one that counts, and undoing the
merge gives back what came under those names meanwhile. Whoever calls this holds the names (customers.identities).
"""

from collections.abc import Collection, Sequence
from typing import Literal

from django.db import connection

from core.db import bulk, direct

Table = Literal["customers_contact", "customers_customer"]
CONTACTS: Table = "customers_contact"
CUSTOMERS: Table = "customers_customer"

_PATH = """
    WITH RECURSIVE up AS (
        SELECT id, merged_into_id, 0 AS steps FROM {table} WHERE id = %s
        UNION SELECT above.id, above.merged_into_id, steps + 1 FROM {table} AS above
        JOIN up ON above.id = up.merged_into_id
    ) SELECT id FROM up ORDER BY steps
"""
_BELOW = """
    WITH RECURSIVE below AS (
        SELECT %s::bigint AS id
        UNION SELECT merged.id FROM {table} AS merged JOIN below ON merged.merged_into_id = below.id
    ) SELECT id FROM below ORDER BY id
"""
_NAMES = """
    UPDATE customers_identity SET {kind}_id = %s, via = NULLIF(COALESCE(via, {kind}_id), %s)
    WHERE {kind}_id = %s AND (%s::bigint[] IS NULL OR COALESCE(via, {kind}_id) = ANY(%s::bigint[]))
"""
# What nobody's message said has no hash: two such of one instant would be one.
_HASH = r"""CASE
    WHEN message_hash = decode(repeat('00', 16), 'hex')
    THEN decode(repeat('00', 8), 'hex') || int8send(COALESCE(via_contact, contact_id)) ELSE message_hash
END"""
_COLUMNS = "from_at, customer_id, person_id, origin, via_customer"
_STATEMENTS = f"""
    WITH taken AS (
        DELETE FROM customers_membership
        WHERE contact_id = %s AND (%s::bigint[] IS NULL OR COALESCE(via_contact, contact_id) = ANY(%s::bigint[]))
        RETURNING *
    )
    INSERT INTO customers_membership (contact_id, via_contact, message_hash, {_COLUMNS})
    SELECT %s, NULLIF(COALESCE(via_contact, contact_id), %s), {_HASH}, {_COLUMNS} FROM taken ON CONFLICT DO NOTHING
"""  # noqa: S608
_STATEMENTS_UNDER_NAME = f"""
    WITH taken AS (DELETE FROM customers_membership WHERE contact_id = %s AND person_id = %s RETURNING *)
    INSERT INTO customers_membership (contact_id, via_contact, message_hash, {_COLUMNS})
    SELECT %s, NULLIF(%s::bigint, %s), message_hash, {_COLUMNS} FROM taken ON CONFLICT DO NOTHING
"""  # noqa: S608
_AT_CUSTOMER = """
    UPDATE customers_membership SET customer_id = %s, via_customer = NULLIF(COALESCE(via_customer, customer_id), %s)
    WHERE customer_id = %s AND (%s::bigint[] IS NULL OR COALESCE(via_customer, customer_id) = ANY(%s::bigint[]))
    RETURNING contact_id
"""
_POINT = "UPDATE {table} SET merged_into_id = %s WHERE id = %s"
_CHILDREN = "UPDATE customers_contact SET merged_into_id = %s WHERE merged_into_id = %s AND id <> %s"
_TAKE_PLACE = """
    UPDATE customers_contact SET merged_into_id = (SELECT merged_into_id FROM customers_contact WHERE id = %s)
    WHERE id = %s
"""
_RELABEL = (
    "UPDATE customers_identity SET via = NULLIF(%s::bigint, contact_id) WHERE contact_id = %s AND via = %s",
    "UPDATE customers_membership SET via_contact = NULLIF(%s::bigint, contact_id)"
    " WHERE contact_id = %s AND via_contact = %s",
)


def path(table: Table, pk: int) -> list[int]:
    """Return the row, the one it was merged into, and so on to the one that counts. One query."""
    return [row for (row,) in direct.execute(_PATH.format(table=table), [pk]).fetchall()]


def root(table: Table, pk: int) -> int:
    """Return the one that counts for a row: itself, unless it was merged. One query."""
    return path(table, pk)[-1]


def below(table: Table, pk: int) -> list[int]:
    """Return the row with all that were merged into it, directly or by way of others. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW.format(table=table), [pk])
        return [row for (row,) in cursor.fetchall()]


def point(table: Table, pk: int, into: int | None) -> None:
    """Note what a row was merged into, or that it counts itself. One query."""
    direct.execute(_POINT.format(table=table), [into, pk])


def give_contacts(own: Collection[int] | None, at: int, to: int) -> None:
    """Have names and statements that point at one contact point at another: those of some contacts, or all.

    Two queries.
    """
    those = None if own is None else bulk.array(sorted(own))
    direct.execute(_NAMES.format(kind="contact"), [to, to, at, those, those])
    direct.execute(_STATEMENTS, [at, those, those, to, to])


def give_customers(own: Collection[int] | None, at: int, to: int) -> Sequence[int]:
    """Have names of customers, and statements about them, point at another one: those of some, or all.

    Returns whom the statements are about. Two queries.
    """
    those = None if own is None else bulk.array(sorted(own))
    direct.execute(_NAMES.format(kind="customer"), [to, to, at, those, those])
    found = direct.execute(_AT_CUSTOMER, [to, to, at, those, those])
    return sorted({contact for (contact,) in found.fetchall()})


def give_name(name: int, giver: int, taker: int) -> None:
    """Have a name, and what was stated under it, be another contact's. Five queries."""
    at, to = root(CONTACTS, giver), root(CONTACTS, taker)
    direct.execute(
        "UPDATE customers_identity SET contact_id = %s, via = NULLIF(%s::bigint, %s) WHERE id = %s",
        [to, taker, to, name],
    )
    direct.execute(_STATEMENTS_UNDER_NAME, [at, name, to, taker, to])


def fold(contact: int, into: int) -> int:
    """Have calls join two contacts for good, before the one is deleted; return the one that counts for both.

    Who was merged with either is one person with both. Eight queries.
    """
    if contact in path(CONTACTS, into):
        # It stood for the other one, which now stands for itself, or for what this one was merged into.
        direct.execute(_TAKE_PLACE, [contact, into])
    direct.execute(_CHILDREN, [into, contact, into])
    at, to = root(CONTACTS, contact), root(CONTACTS, into)
    if at != to:
        give_contacts(None, at, to)
        if at != contact:
            point(CONTACTS, at, into)
    for statement in _RELABEL:
        direct.execute(statement, [into, to, contact])
    return to
