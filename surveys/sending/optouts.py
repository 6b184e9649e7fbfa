"""Refusing surveys by one click, and taking it back, on the page behind a mail's link.

It holds for the address the mail went to and for the contact's present one, whoever else has them.
"""

from datetime import datetime

from django.db import transaction

from customers import change_feed
from customers.consent import refusals
from customers.models import AddressConsent, Contact, Origin
from events import own
from surveys.answering import survey_events
from surveys.models import Invitation
from surveys.sending import guard


def refuses(invitation: Invitation) -> bool:
    """Return whether the mail's reader gets no surveys. Two queries at most."""
    rows = AddressConsent.objects.filter(address__in=_addresses(invitation), kind=refusals.OPTED_OUT)
    return rows.exists() or Contact.objects.filter(pk__in=_people(invitation), survey_opt_out=True).exists()


def opt_out(invitation: Invitation, *, now: datetime, origin: Origin = Origin.PERSON) -> None:
    """Send the mail's reader no more surveys, and say so on the timeline. Does nothing for a link to nobody."""
    survey_events.prepare(now)
    with transaction.atomic():
        new = refusals.refuse(_people(invitation), also=_addresses(invitation), origin=origin, now=now, wait=True)
        if invitation.contact_id in new:
            message = own.track(
                survey_events.UNSUBSCRIBED,
                message_id=f"unsubscribed:{invitation.id}",
                customer=invitation.customer_id,
                at=now,
                properties={"survey": invitation.survey.name},
                person=own.person_names([invitation.contact_id]).get(invitation.contact_id),
            )
            own.store([message], source=survey_events.source(now), now=now)
            change_feed.note([invitation.customer_id])


@transaction.atomic
def opt_in(invitation: Invitation, *, now: datetime) -> None:
    """Take back a refusal, whoever had said it: this is the person themselves. Idempotent."""
    refusals.lift(_people(invitation), also=_addresses(invitation), now=now)


def _people(invitation: Invitation) -> list[int]:
    return [] if invitation.contact_id is None else [invitation.contact_id]


def _addresses(invitation: Invitation) -> list[bytes]:
    """Return the address the mail went to; the contact's own ones are found by the contact."""
    address = guard.address_of(invitation)
    return [] if address is None else [address]
