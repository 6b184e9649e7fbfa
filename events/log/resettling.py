"""The stage that moves events to where they belong, behind the requests that found it out.

Ingestion writes only links: an identity now names another contact, a contact another customer. Events of contacts
concerned are moved here, a few thousand in each transaction: those at a customer in no list go to the one it was merged
into, those at a listed one stay there (decision 5) and change their contact. A worker that dies leaves its row of the
feed, and the next one goes on.
"""

from datetime import datetime

from django.db import connection, transaction

from core import days
from customers import change_feed, moving
from customers.models import Act, Contact, Customer, Identity, IdentityKind
from events.log import acts, telling
from events.models import ActiveDay, DailyCount, Event

_PERSON = """
    SELECT person_id FROM events_event
    WHERE customer_id = %s AND contact_id = %s AND person_id IS NOT NULL AND {which} LIMIT 1
"""
# With those of the contact, which `telling` will hold: taken one after the other, they could be taken in a wrong order.
_HOLD = """
    SELECT id, contact_id FROM customers_identity WHERE id = %s OR contact_id = %s ORDER BY id FOR SHARE
"""


def settle(*, now: datetime, limit: int = telling.CHUNK) -> bool:
    """Settle one contact at one customer, `limit` events at most; False when nothing waits.

    Idempotent: what is settled already is left as it is.
    """
    with transaction.atomic():
        claimed = change_feed.claim(change_feed.RESETTLE, 1)
        if not claimed:
            return False
        [(customer, contact)] = claimed
        assert contact is not None
        if _settle(customer, contact, now=now, limit=limit):
            change_feed.resettle([(customer, contact)])
    return True


def settle_all(*, now: datetime) -> None:
    """Settle all that waits."""
    while settle(now=now):
        pass


def _settle(customer_id: int, contact: int, *, now: datetime, limit: int) -> bool:
    """Move some of the contact's events from the customer; return whether there may be more."""
    open_day = days.lock_open_day(now)
    customer = Customer.objects.only("provisional", "merged_into").filter(pk=customer_id).first()
    if customer is None:
        return False
    person, to = _whose(customer, contact), _destination(customer)
    if person is None:
        _drop_if_empty(customer)
        return False
    if (to.pk, person.pk) == (customer.pk, contact):
        return False
    which = telling.Which([customer.pk], "contact_id = %(contact)s", {"contact": contact})
    act = _act(to, person, contact, customer, now)
    if to.pk == customer.pk:
        told = telling.tell_again(
            which, changed={"contact_id": str(person.pk)}, act=act.pk, open_day=open_day, limit=limit
        )
    else:
        changed = {"contact_id": str(person.pk), "customer_id": str(to.pk), "company_id": _company(to)}
        told = telling.move(which, changed=changed, to_listed=not to.provisional, open_day=open_day, limit=limit)
    acts.extend(act, told)
    if to.pk != person.customer_id:
        moving.note_elsewhere([(person.pk, to.pk)])
    return True


def _whose(customer: Customer, contact: int) -> Contact | None:
    """Return who the person of the contact's events is now, kept from moving on meanwhile; None without events."""
    with connection.cursor() as cursor:
        # Withdrawn events go along from a customer in no list, and stay at a listed one.
        which = "TRUE" if customer.provisional else "void_on IS NULL"
        cursor.execute(_PERSON.format(which=which), [customer.pk, contact])
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(_HOLD, [row[0], contact])
        whose = dict(cursor.fetchall()).get(row[0])
    return None if whose is None else Contact.objects.only("customer").get(pk=whose)


def _destination(customer: Customer) -> Customer:
    """Return where the customer's history belongs: itself, or what it was merged into, and that one in turn."""
    while customer.merged_into_id is not None:
        customer = Customer.objects.only("provisional", "merged_into").get(pk=customer.merged_into_id)
    return customer


def _drop_if_empty(customer: Customer) -> None:
    """Delete a customer in no list that was merged and has nothing any more, then those that waited for it only."""
    following = customer.merged_into_id
    if not customer.provisional or following is None or _is_needed(customer):
        return
    # What is left of them are rows that add up to nothing.
    for counts in (DailyCount, ActiveDay):
        counts._default_manager.filter(customer=customer).delete()
    customer.delete()
    _drop_if_empty(Customer.objects.only("provisional", "merged_into").get(pk=following))


def _is_needed(customer: Customer) -> bool:
    return (
        Customer.objects.filter(merged_into=customer).exists()
        or Contact.objects.filter(customer=customer).exists()
        or Event.objects.filter(customer=customer).exists()
    )


def _company(customer: Customer) -> str:
    """Return, as SQL, the company an event keeps: the one it named, else the listed customer it comes to."""
    own = Identity.objects.filter(kind=IdentityKind.RAPPORT, value=str(customer.pk)).values_list("pk", flat=True)
    return "company_id" if customer.provisional else f"COALESCE(company_id, {own.get()})"


def _act(to: Customer, person: Contact, contact: int, customer: Customer, now: datetime) -> Act:
    """Return the act of this move, the same one for all its chunks."""
    detail = {"contact": person.pk, "from_contact": contact, "from_customer": customer.pk}
    known = Act.objects.filter(kind=Act.Kind.MOVE, customer=to, detail__contains=detail).first()
    return known or Act.objects.create(kind=Act.Kind.MOVE, customer=to, at=now, detail=detail)
