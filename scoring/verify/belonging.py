"""Events and contacts against names and memberships: who did it, and for whom."""

from typing import Any

from django.db import connection

from customers.change_feed import RESETTLE
from customers.people.memberships import customer_at
from events.log import belonging
from events.models import Flag
from scoring.verify.report import Difference, Report

_EVENTS = f"""
    SELECT event.customer_id, event.contact_id, {belonging.CONTACT}, {belonging.CUSTOMER}, count(*), EXISTS (
        SELECT FROM customers_changed AS waiting
        WHERE waiting.stage = %s AND waiting.customer_id = event.customer_id
          AND (waiting.contact IS NULL OR waiting.contact = event.contact_id)
    )
    FROM events_event AS event
    WHERE event.customer_id BETWEEN %s AND %s AND event.void_on IS NULL AND event.contact_id IS NOT NULL
      AND {belonging.IS_ELSEWHERE}
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608
# What stands at a deleted customer, or was done by a deleted contact, is withdrawn; what records tell of one stays.
_REMOVED = """
    SELECT event.customer_id, event.contact_id, count(*), EXISTS (
        SELECT FROM customers_changed AS waiting WHERE waiting.stage = %s AND waiting.customer_id = event.customer_id
          AND (waiting.contact IS NULL OR waiting.contact = event.contact_id)
    )
    FROM events_event AS event
    JOIN customers_customer AS customer ON customer.id = event.customer_id
    LEFT JOIN customers_contact AS contact ON contact.id = event.contact_id
    WHERE event.customer_id BETWEEN %s AND %s AND event.void_on IS NULL
      AND (customer.removed_at IS NOT NULL OR (contact.removed_at IS NOT NULL AND (event.flags & %s) = 0))
    GROUP BY 1, 2 ORDER BY 1, 2
"""
_CONTACTS = f"""
    SELECT contact.id, contact.customer_id, said.customer FROM customers_contact AS contact
    CROSS JOIN LATERAL (SELECT {customer_at("contact.id", "'infinity'")} AS customer) AS said
    WHERE contact.customer_id BETWEEN %s AND %s AND contact.customer_id <> said.customer
      AND contact.merged_into_id IS NULL ORDER BY 1
"""  # noqa: S608


def of_customers(first: int, last: int, report: Report) -> None:
    """Compare events and contacts of customers first..last. Three queries.

    Events that are still to move are pending.
    """
    for customer, contact, person, to, events, is_waiting in _rows(_EVENTS, [RESETTLE, first, last]):
        if is_waiting:
            report.pending["events that move to where they belong"] += events
        else:
            where = f"of contact {contact} at customer {customer}"
            report.add(Difference(f"{events} events", where, "there", f"of contact {person} at customer {to}"))
    for customer, contact, events, is_waiting in _rows(_REMOVED, [RESETTLE, first, last, int(Flag.RECORD)]):
        if is_waiting:
            report.pending["events of what was deleted"] += events
        else:
            where = f"of contact {contact} at customer {customer}"
            report.add(Difference(f"{events} events", where, "there", "withdrawn: one of them was deleted"))
    for contact, customer, present in _rows(_CONTACTS, [first, last]):
        report.add(Difference("Contact", str(contact), f"at customer {customer}", f"at customer {present}"))


def _rows(query: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
