"""Events of a mail provider about a mail of ours: delivered, opened, bounced, complained, unsubscribed.

Anybody can post what looks like a provider's event unless its secret is checked, so only what the provider signs or
carries the shared secret comes here (engagement_site/mail/events.py); and it can only speak of mails we sent.
"""

from datetime import datetime

from core.days import business_day
from core.models import Outgoing
from customers.models import Origin
from surveys.answering import tallies
from surveys.answering.tallies import Step
from surveys.models import Invitation, InvitationState, Token
from surveys.sending import guard, optouts

OF_INVITATIONS = ("survey", "survey-reminder")  # kinds of the outbox; a test mail asks nobody
OPENED = ("opened", "clicked")
FAILED = ("bounced", "rejected", "failed")
WANT_NO_MORE = ("complained", "unsubscribed")


def note(provider_id: str, what: str, *, is_final: bool, now: datetime) -> bool:
    """Note an event of a mail, as anymail names it; tell whether it is one of ours. A repeat changes nothing.

    `is_final`: of a bounce, that the address does not work; one that may pass is left to the provider's own tries.
    """
    invitation = _invitation_of_mail(provider_id)
    if invitation is None:
        return False
    if what == "delivered" or what in OPENED:
        _step(invitation, "delivered_at", Step.DELIVERED, now)
    if what in OPENED:
        _step(invitation, "opened_at", Step.OPENED, now)
    if what in FAILED and is_final:
        _bounced(invitation, now)
    if what in WANT_NO_MORE:
        optouts.opt_out(invitation, now=now, origin=Origin.PROVIDER)
    return True


def _invitation_of_mail(provider_id: str) -> Invitation | None:
    """Return the invitation of the mail the provider knows by this id. Three queries."""
    mail = Outgoing.objects.filter(provider_id=provider_id, kind__in=OF_INVITATIONS).first() if provider_id else None
    link = Token.objects.filter(invitation_id=mail.dedupe_key.partition(":")[2]).first() if mail else None
    if link is None:
        return None
    rows = Invitation.objects.filter(customer_id=link.customer_id, id=link.invitation_id)
    invitation: Invitation | None = rows.select_related("survey", "contact").first()
    return invitation


def _step(invitation: Invitation, column: str, step: Step, now: datetime) -> None:
    rows = Invitation.objects.filter(customer_id=invitation.customer_id, id=invitation.id, **{column: None})
    # The update tells whether it was the first report: providers repeat theirs, and report every opening.
    if rows.update(**{column: now}):
        tallies.add(tallies.step(invitation.survey_id, business_day(now), step))


def _bounced(invitation: Invitation, now: datetime) -> None:
    rows = Invitation.objects.filter(customer_id=invitation.customer_id, id=invitation.id)
    if rows.exclude(state=InvitationState.FAILED).update(state=InvitationState.FAILED):
        tallies.add(tallies.step(invitation.survey_id, business_day(now), Step.FAILED))
        guard.release(invitation)
    guard.note_bounce(invitation, now=now)
