"""Who wants no more surveys says so by one click, and may take it back."""

from datetime import datetime

from django.db import transaction

from customers.models import Contact
from customers.touch import touch
from records import people, rows
from surveys.answering import survey_events
from surveys.models import Invitation


def opt_out(invitation: Invitation, *, now: datetime) -> None:
    """Send this contact no more surveys, and say so on the timeline. Does nothing for a link to nobody."""
    if invitation.contact_id is None:
        return
    survey_events.prepare(now)
    with transaction.atomic():
        if Contact.objects.filter(pk=invitation.contact_id, survey_opt_out=False).update(survey_opt_out=True):
            who = people.named([invitation.contact_id]).get(invitation.contact_id, {})
            message = {
                "type": "track",
                "event": survey_events.UNSUBSCRIBED,
                "messageId": f"unsubscribed:{invitation.id}",
                "timestamp": now.isoformat(),
                "customer": invitation.customer_id,
                "properties": {"survey": invitation.survey.name},
                **who,
            }
            rows.tell([message], survey_events.source(now), now=now)
            touch([invitation.customer_id])


def opt_in(invitation: Invitation) -> None:
    """Take it back: surveys are welcome again."""
    if invitation.contact_id is not None:
        Contact.objects.filter(pk=invitation.contact_id).update(survey_opt_out=False)
