"""Memberships and links of contacts from before these were kept. Harmless to repeat."""

from collections.abc import Callable

from django.db import connection, transaction

from customers import identities
from customers.models.contact import BEGINNING

AT_ONCE = 5_000  # contacts, or names, in one transaction

_MEMBERS = """
    SELECT contact.id FROM customers_contact AS contact
    JOIN customers_customer AS customer ON customer.id = contact.customer_id AND NOT customer.provisional
    WHERE NOT EXISTS (SELECT FROM customers_membership AS said WHERE said.contact_id = contact.id)
    ORDER BY contact.id LIMIT %s
"""
_JOIN = """
    INSERT INTO customers_membership (contact_id, from_at, message_hash, customer_id, origin)
    SELECT contact.id, COALESCE(contact.joined_at, %s), %s, contact.customer_id, 'before'
    FROM customers_contact AS contact
    JOIN customers_customer AS customer ON customer.id = contact.customer_id AND NOT customer.provisional
    WHERE contact.id = ANY(%s)
      AND NOT EXISTS (SELECT FROM customers_membership AS said WHERE said.contact_id = contact.id)
"""
_SET_JOINED = "UPDATE customers_contact SET joined_at = %s WHERE id = ANY(%s) AND joined_at IS NULL"
_LINKED = """
    SELECT DISTINCT name.contact_id FROM customers_identity AS name
    JOIN customers_identity AS other ON other.contact_id = name.contact_id AND other.kind = 'user'
    WHERE name.kind = 'anonymous' AND name.linked_at IS NULL
    ORDER BY name.contact_id LIMIT %s
"""
_LINK = """
    UPDATE customers_identity SET linked_at = %s, linked_hash = %s
    WHERE contact_id = ANY(%s) AND kind = 'anonymous' AND linked_at IS NULL
"""


def adopt() -> int:
    """Have every contact of a listed customer be a member of it, and keep device ids where they are.

    Returns how many contacts that was. What was known when they joined stays: earlier messages that come late belong to
    the same customer.
    """
    return _in_parts(_MEMBERS, _join) + _in_parts(_LINKED, _link)


def _in_parts(question: str, write: Callable[[list[int]], None]) -> int:
    adopted = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question, [AT_ONCE])
            contacts = [pk for (pk,) in cursor.fetchall()]
            if not contacts:
                return adopted
            identities.lock_contacts(contacts)
            write(contacts)
        adopted += len(contacts)


def _join(contacts: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, [BEGINNING, bytes(16), contacts])
        cursor.execute(_SET_JOINED, [BEGINNING, contacts])


def _link(contacts: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [BEGINNING, bytes(16), contacts])
