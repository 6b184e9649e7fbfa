"""What becomes of a contact whose people were parted: it is one of them, or nobody any more."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import SET_NULL

from customers import change_feed, contact_counts, identities
from customers.models import Contact, Identity, Membership
from customers.people import homes, memberships, moving, parting
from customers.people.parting import Somebody


def become(shared: int, somebody: Somebody, *, open_day: date) -> None:
    """Have a shared contact belong where this one of its people does, as far as that is known.

    In the caller's transaction, which holds the open day. Its events follow behind (events.log.resettling).
    """
    identities.lock_contacts([shared])
    kind, value = somebody.key
    name = Identity.objects.filter(kind=kind, value=value, contact=shared).first()
    theirs = parting.belonged(shared, [somebody], {} if name is None else {somebody.key: name})[somebody.key]
    if name is None or not theirs:
        return
    _forget_memberships(shared)
    memberships.add(parting.rows(name.pk, shared, theirs))
    memberships.set_present(memberships.present([shared]))
    _leave(_places(shared), shared, open_day)


def let_go(shared: int, *, now: datetime, open_day: date) -> None:
    """Take a contact out of its customers that did nothing of its own; not one that a note, ticket or answer names.

    In the caller's transaction, which holds the open day.
    """
    identities.lock_contacts([shared])
    if not Contact.objects.filter(pk=shared, customer__provisional=False).exists() or _is_named(shared):
        return
    if Membership.objects.filter(contact=shared, origin=Membership.Origin.LISTED).exists():
        return
    before = _places(shared)
    _forget_memberships(shared)
    homes.move_into_new(shared, now)
    _leave(before, shared, open_day)


def _forget_memberships(shared: int) -> None:
    Membership.objects.filter(contact=shared).exclude(origin=Membership.Origin.LISTED).delete()


def _places(shared: int) -> Collection[int]:
    return moving.places([shared])[shared].all


def _leave(places: Collection[int], shared: int, open_day: date) -> None:
    change_feed.resettle((place, shared) for place in places)
    contact_counts.note_for(places, open_day)


def _is_named(shared: int) -> bool:
    """Tell whether a row above this app names the contact: those that outlive a contact (customers.people.moving)."""
    links = [link for link in Contact._meta.related_objects if link.on_delete is SET_NULL]
    return any(link.related_model._default_manager.filter(**{link.field.name: shared}).exists() for link in links)
