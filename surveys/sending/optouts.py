"""Opting out of surveys by one click, and taking it back."""

from datetime import datetime

from django.db import transaction

from customers import change_feed
from customers.models import Contact
from events import own
from surveys.answering import survey_events
from surveys.models import Invitation


def opt_out(invitation: Invitation, *, now: datetime) -> None:
    """Send this contact no more surveys, and say so on the timeline. Does nothing for a link to nobody."""
    if invitation.contact_id is None:
        return
    survey_events.prepare(now)
    with transaction.atomic():
        if Contact.objects.filter(pk=invitation.contact_id, survey_opt_out=False).update(survey_opt_out=True):
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


def opt_in(invitation: Invitation) -> None:
    """Take back an opt-out. Idempotent. One query."""
    if invitation.contact_id is not None:
        Contact.objects.filter(pk=invitation.contact_id).update(survey_opt_out=False)
