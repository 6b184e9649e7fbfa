"""Where people belong once something was put right: the copies in their rows, and their events, which follow behind."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from customers import change_feed
from customers.models import Contact
from customers.people import Company, homes, memberships, moving

_ELSEWHERE = """
    INSERT INTO customers_affiliation (contact_id, customer_id)
    SELECT affiliation.contact_id, %(to)s FROM customers_affiliation AS affiliation
    JOIN customers_contact AS contact ON contact.id = affiliation.contact_id AND contact.customer_id <> %(to)s
    WHERE affiliation.customer_id = %(at)s ON CONFLICT DO NOTHING
"""


def affiliate(at: int, to: int) -> None:
    """Note that whoever has events at one customer will have some at another. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, {"at": at, "to": to})


def move_all(contacts: Collection[int], *, act: int, now: datetime) -> Collection[int]:
    """Write where contacts belong now, and have their events follow from all places; return all the customers."""
    before = moving.places(contacts)
    settle(contacts, now=now)
    after = dict(Contact.objects.filter(pk__in=contacts).values_list("pk", "customer"))
    for pk, customer in after.items():
        if customer != before[pk].present and before[pk].is_at_home:
            homes.leave(before[pk].present, Company(customer, provisional=False))
    pairs = {(pk, place) for pk, where in before.items() for place in where.all}
    moving.note_elsewhere((pk, place) for pk, place in pairs if place in before[pk].listed and place != after[pk])
    change_feed.resettle(((place, pk) for pk, place in pairs), act=act)
    return {*after.values(), *(place for _, place in pairs)}


def settle(contacts: Collection[int], *, now: datetime) -> None:
    """Write where these contacts belong now; who belongs nowhere has a home of their own. Few queries.

    Their events stand where they belonged until they are settled: that is noted, for those who ask for them meanwhile.
    """
    presents = memberships.present(contacts)
    before = Contact.objects.filter(pk__in=presents, customer__provisional=False).values_list("pk", "customer")
    moving.note_elsewhere((pk, place) for pk, place in before if place != presents[pk].customer)
    memberships.set_present(presents)
    without = Contact.objects.filter(pk__in=set(contacts) - set(presents), customer__provisional=False)
    homes.move_all_into_new(list(without), now)
