"""The stage that moves events to where they belong, behind the requests that found it out.

Ingestion writes only links and memberships: a name is now another contact's, a contact belonged elsewhere. Events of
the contacts concerned are moved here, a few thousand in each transaction. A worker that dies leaves its row of the
feed, and the next one goes on.
"""

from datetime import date, datetime

from django.db import transaction

from core import days
from customers import change_feed, curation, identities
from customers.change_feed import Claimed
from customers.models import Act, Contact, Customer
from customers.people import moving
from events.log import acts, belonging, curated, removing, telling
from events.models import ActiveDay, DailyCount, Event

CHUNK = 2_000  # events in one transaction: whoever sends for the same customer meanwhile waits a tenth of a second


def settle(*, now: datetime, limit: int = CHUNK) -> bool:
    """Settle one contact at one customer, or one customer, `limit` events at most; False when nothing waits.

    Idempotent: what is settled already is left as it is.
    """
    with transaction.atomic():
        claimed = change_feed.claim(change_feed.RESETTLE, 1)
        if not claimed:
            return False
        [change] = claimed
        act = _act_of(change)
        if act is not None and (change.contact is None or curated.is_of_removal(change, act)):
            curated.settle(change, act, now=now, limit=limit)
        elif change.contact is not None and _settle(change.customer, change.contact, act, now=now, limit=limit):
            change_feed.resettle([(change.customer, change.contact)], act=change.act)
    return True


def settle_all(*, now: datetime) -> None:
    """Settle all that waits."""
    while settle(now=now):
        pass


def _act_of(change: Claimed) -> Act | None:
    """Return the act of a colleague that a change is part of; none is done or undone until the transaction ends."""
    if change.act is None:
        return None
    curation.keep_still()
    return Act.objects.filter(pk=change.act).first()


def _settle(customer_id: int, contact: int, act: Act | None, *, now: datetime, limit: int) -> bool:
    """Move some of the contact's events from the customer; return whether there may be more."""
    open_day = days.lock_open_day(now)
    customer = Customer.objects.only("provisional", "merged_into").filter(pk=customer_id).first()
    if customer is None:
        return False
    # Withdrawn events go along from a customer in no list, and stay at a listed one.
    found = belonging.elsewhere(customer_id, contact, withdrawn_too=customer.provisional)
    if found is None:
        _drop_if_empty(customer)
        return False
    # Held together: taken one after the other, they could be taken in a wrong order.
    people = {contact, found[0]}
    held = identities.lock((), people)
    # Whoever was waited for may have given them further names. To lock those as well would be out of order.
    if held != identities.locked_with((), people):
        return True
    if found != belonging.elsewhere(customer_id, contact, withdrawn_too=customer.provisional):
        return True  # it changed meanwhile
    _move(customer, contact, found, act, now, open_day, limit)
    return True


def _move(
    customer: Customer,
    contact: int,
    found: tuple[int, int],
    act: Act | None,
    now: datetime,
    open_day: date,
    limit: int,
) -> None:
    """Move events of the contact at the customer that belong to the contact and customer that were found."""
    person, to = (
        Contact.objects.only("customer", "removed_at").get(pk=found[0]),
        Customer.objects.only("provisional", "removed_at").get(pk=found[1]),
    )
    which = telling.Which(
        [customer.pk],
        f"contact_id = %(contact)s AND {belonging.CONTACT} = %(person)s AND {belonging.CUSTOMER} = %(to)s",
        {"contact": contact, "person": person.pk, "to": to.pk},
    )
    act = act or _act(to, person, contact, customer, now)
    changed = {"contact_id": str(person.pk), "customer_id": str(to.pk)}
    if customer.provisional and to.pk != customer.pk:
        told = telling.move(which, changed=changed, to_listed=not to.provisional, open_day=open_day, limit=limit)
    else:
        told = telling.tell_again(which, changed=changed, act=act.pk, open_day=open_day, limit=limit)
    acts.extend(acts.held(act.pk), told)
    if to.removed_at or person.removed_at:  # deleted while these waited
        removing.note(to.pk, None if to.removed_at else person.pk)
    if to.pk != person.customer_id:
        moving.note_elsewhere([(person.pk, to.pk)])


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


def _act(to: Customer, person: Contact, contact: int, customer: Customer, now: datetime) -> Act:
    """Return the act of this move, the same one for all its chunks."""
    detail = {"contact": person.pk, "from_contact": contact, "from_customer": customer.pk}
    known = Act.objects.filter(kind=Act.Kind.MOVE, customer=to, detail__contains=detail).first()
    return known or Act.objects.create(kind=Act.Kind.MOVE, customer=to, at=now, detail=detail)
