"""Inviting colleagues: they choose their own password, by a link."""

from datetime import datetime

from django.db import transaction

from staff.models import User
from staff.signing_in import mails


@transaction.atomic
def invite(colleague: User, *, now: datetime) -> None:
    """Save the colleague as invited, and write the mail to the outbox. Two queries.

    For somebody new, and again for somebody who has not signed in yet: links sent before end.
    """
    colleague.invited_at = now
    if not colleague.password:
        colleague.set_unusable_password()
    colleague.save()
    mails.send_invitation(colleague, now=now)
