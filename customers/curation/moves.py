"""Moving a contact to another customer, from an instant on, and undoing it."""

import uuid
from datetime import datetime

from django.db import transaction

from customers import contact_counts
from customers.curation import Refused, acts, hold, holding, places, refusals
from customers.models import Act, Contact, Customer, Membership
from customers.people import memberships, pointing
from staff.models import User


@transaction.atomic
def contact(contact: Contact, to: Customer, *, since: datetime | None, now: datetime, by: User | None) -> Act:
    """Have a contact belong to a customer from an instant on, by default from now on. Raises Refused.

    A call that says otherwise of a later instant holds from then on.
    """
    open_day = hold(now)
    holding.contacts([contact.pk])
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    to = Customer.objects.get(pk=to.pk)
    if refusal := refusals.removal(contact) or refusals.removal(to):
        raise Refused(refusal)
    memberships.keep_with([to.pk] if to.provisional else [])
    stated = uuid.uuid4().bytes
    row = memberships.Row(contact.pk, since or now, stated, to.pk, None, Membership.Origin.RECORD)
    memberships.add([row])
    detail = {
        "of": "contact", "contact": contact.pk, **acts.about(contact, "gone"), **acts.about(to, "to"),
        "since": row.from_at.isoformat(), "stated": stated.hex(),
    }  # fmt: skip
    act = acts.note(Act.Kind.REASSIGN, [contact.customer_id, to.pk], detail, now=now, by=by)
    contact_counts.note_for(places.move_all([contact.pk], act=act.pk, now=now), open_day)
    return act


def undo(act: Act, *, now: datetime, by: User | None) -> Act:
    """Have a contact belong where it would if nobody had moved it."""
    open_day = hold(now)
    contact = pointing.root(pointing.CONTACTS, act.detail["contact"])
    holding.contacts([contact])
    Membership.objects.filter(contact=contact, message_hash=bytes.fromhex(act.detail["stated"])).delete()
    undone = acts.note(Act.Kind.UNDO, acts.customers_of(act), acts.taken_back(act, undoes=act.pk), now=now, by=by)
    contact_counts.note_for(places.move_all([contact], act=undone.pk, now=now), open_day)
    return undone
