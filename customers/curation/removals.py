"""Deleting a customer or contact that should not exist: hidden, their events withdrawn, their ids ignored.

The row stays, and the names, until they are released: what comes under them is refused with the reason.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from customers import change_feed, contact_counts, described, inputs
from customers.curation import Refused, acts, hold, holding, places, refusals, statements
from customers.models import Act, Contact, Customer, Identity, IdentityKind, Stage
from customers.people import moving
from staff.models import User


@transaction.atomic
def customer(customer: Customer, *, reason: str, now: datetime, by: User | None) -> Act:
    """Delete a customer. Its people belong where they otherwise would, or nowhere. Raises Refused."""
    open_day = hold(now)
    holding.customers([customer.pk])
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if refusal := refusals.removal(customer):
        raise Refused(refusal)
    detail = _detail(customer, "customer", Identity.objects.filter(customer=customer), reason)
    act = acts.note(Act.Kind.REMOVAL, [customer.pk], detail, now=now, by=by)
    members = statements.take_away(customer.pk, act=act.pk)
    Customer.objects.filter(pk=customer.pk).update(removed_at=now)
    places.settle(members, now=now)
    inputs.note([(customer.pk, "stage", open_day, None, Stage.ARCHIVED)])
    _count(members, open_day)
    change_feed.note([customer.pk])
    change_feed.resettle_customer(customer.pk, act=act.pk)
    return act


@transaction.atomic
def contact(contact: Contact, *, reason: str, now: datetime, by: User | None) -> Act:
    """Delete a contact. What records tell of them stays at their customer. Raises Refused."""
    open_day = hold(now)
    holding.contacts([contact.pk])
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if refusal := refusals.removal(contact):
        raise Refused(refusal)
    before = moving.places([contact.pk])[contact.pk]
    detail = {"contact": contact.pk, **_detail(contact, "contact", contact.identities.all(), reason)}
    act = acts.note(Act.Kind.REMOVAL, before.listed or before.all, detail, now=now, by=by)
    Contact.objects.filter(pk=contact.pk).update(removed_at=now)
    change_feed.resettle(((place, contact.pk) for place in before.all), act=act.pk)
    contact_counts.note_for([before.present], open_day)
    return act


def undo(act: Act, *, now: datetime, by: User | None) -> Act:
    """Have a deleted customer or contact be there again, as it was."""
    open_day = hold(now)
    pk = act.detail["gone"]
    undone = acts.note(Act.Kind.UNDO, acts.customers_of(act), acts.taken_back(act, undoes=act.pk), now=now, by=by)
    if act.detail["of"] == "contact":
        holding.contacts([pk])
        Contact.objects.filter(pk=pk).update(removed_at=None)
        contact_counts.note_for(places.move_all([pk], act=undone.pk, now=now), open_day)
        return undone
    holding.customers([pk])
    Customer.objects.filter(pk=pk).update(removed_at=None)
    members = statements.give_back(act.pk)
    holding.contacts(members)
    places.move_all(members, act=undone.pk, now=now)
    described.log_inputs(list(Customer.objects.filter(pk=pk)), open_day)
    _count(members, open_day)
    change_feed.resettle_customer(pk, act=undone.pk)
    return undone


@transaction.atomic
def release(act: Act, *, now: datetime, by: User | None) -> Act:
    """Let the ids of what was deleted name somebody new. Raises Refused."""
    hold(now)
    act = Act.objects.select_for_update().get(pk=act.pk)
    if refusal := refusals.release(act):
        raise Refused(refusal)
    pk = act.detail["gone"]
    if act.detail["of"] == "contact":
        holding.contacts([pk])
        Identity.objects.filter(contact=pk).delete()
    else:
        holding.customers([pk])
        Identity.objects.filter(customer=pk).exclude(kind=IdentityKind.RAPPORT).delete()
    acts.mark(act, released=now.isoformat())
    return acts.note(Act.Kind.RELEASE, acts.customers_of(act), acts.taken_back(act, releases=act.pk), now=now, by=by)


def removed() -> QuerySet[Act]:
    """Return the deletions that stand, the last first."""
    rows = Act.objects.filter(kind=Act.Kind.REMOVAL, part_of=None, detail__undone__isnull=True)
    return rows.select_related("by").order_by("-at", "-pk")


def _detail(which: Customer | Contact, kind: str, names: QuerySet[Identity], reason: str) -> dict[str, Any]:
    shown = names.exclude(kind=IdentityKind.RAPPORT).order_by("pk").values_list("kind", "value")
    return {"of": kind, **acts.about(which, "gone"), "names": [list(name) for name in shown[:100]], "reason": reason}


def _count(members: Collection[int], open_day: date) -> None:
    customers = Contact.objects.filter(pk__in=members).values_list("customer", flat=True)
    contact_counts.note_for(sorted(set(customers)), open_day)
