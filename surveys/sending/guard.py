"""Nobody is asked too often: at most one survey for each contact in SURVEY_PAUSE_DAYS, counted on sends.

Whoever is about to send locks the contact's one row first, so that two senders cannot both find the way free.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from customers.models import Contact
from surveys.models import Dropped, Guard, Invitation


def pause() -> timedelta:
    return timedelta(days=settings.SURVEY_PAUSE_DAYS)


@transaction.atomic
def admit(invitation: Invitation, *, now: datetime) -> Dropped | None:
    """Take the contact's turn for this invitation; say why not, if it may not be sent. Three queries.

    The same invitation passes again: it is tried again, or reminds.
    """
    assert invitation.contact_id is not None
    Guard.objects.bulk_create([Guard(contact_id=invitation.contact_id)], ignore_conflicts=True)
    row = Guard.objects.select_for_update(of=("self",)).select_related("contact").get(contact=invitation.contact_id)
    if refusal := _refusal(row, row.contact):
        return refusal
    if row.invitation_id != invitation.id:
        if row.asked_at is not None and row.asked_at > now - pause():
            return Dropped.LATELY
        row.asked_at, row.invitation_id = now, invitation.id
        row.save(update_fields=["asked_at", "invitation_id"])
    return None


def _refusal(row: Guard, contact: Contact) -> Dropped | None:
    if contact.survey_opt_out:
        return Dropped.OPTED_OUT
    if not contact.email:
        return Dropped.NO_ADDRESS
    if row.bounced_at is not None and row.bounced_address == contact.email:
        return Dropped.BOUNCED
    return None


def release(invitation: Invitation) -> None:
    """Give the turn back: nothing reached them. One query."""
    Guard.objects.filter(contact=invitation.contact_id, invitation_id=invitation.id).update(
        asked_at=None, invitation_id=None
    )


def note_bounce(contact: Contact, *, now: datetime) -> None:
    """Remember that the address does not work, until the contact has another. One query."""
    Guard.objects.bulk_create(
        [Guard(contact=contact, bounced_at=now, bounced_address=contact.email)],
        update_conflicts=True,
        unique_fields=["contact"],
        update_fields=["bounced_at", "bounced_address"],
    )
