"""One reminder, to contacts who were asked by mail and have not answered."""

from datetime import datetime, timedelta

from django.db import transaction

from core.days import business_day
from core.outbox import queue
from surveys.models import Invitation, InvitationState, Survey, Via
from surveys.sending import tokens

AT_ONCE = 500
OLDEST = timedelta(days=45)  # invitations older than this are long forgotten


def go_on(*, now: datetime) -> int:
    """Write the reminders that are due to the outbox; return how many."""
    return sum(_chunk(survey, now) for survey in Survey.objects.open_on(business_day(now)).exclude(reminder_days=None))


@transaction.atomic
def _chunk(survey: Survey, now: datetime) -> int:
    until = now - timedelta(days=survey.reminder_days or 0)
    mailed = Invitation.objects.filter(
        survey=survey, via=Via.EMAIL, state=InvitationState.SENT
    )  # a link was handed over
    due = mailed.filter(answered_at=None, reminded_at=None, sent_at__range=(now - OLDEST, until))
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("sent_at")[:AT_ONCE])
    for row in rows:
        payload = {"customer": row.customer_id, "invitation": str(row.id), "token": tokens.make(row, now=now)}
        queue.put("survey-reminder", f"survey-reminder:{row.id}", payload, now=now)
        row.reminded_at = now
    Invitation.objects.bulk_update(rows, ["reminded_at"])
    return len(rows)
