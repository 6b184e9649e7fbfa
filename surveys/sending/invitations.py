"""Invitations of named contacts, by mail or as personal links; contacts who may not be asked come with the reason."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.days import business_day
from core.outbox import queue
from customers.models import Contact
from surveys.answering import tallies
from surveys.answering.answers import Closed
from surveys.answering.tallies import Step
from surveys.models import Invitation, InvitationState, Survey, Via
from surveys.sending import guard, tokens

_NAMESPACE = uuid.UUID("5f0f1f0a-3a56-4b59-9a2a-6f5d0c9f7c3e")  # any; the same occasion is the same invitation


@dataclass(frozen=True, slots=True)
class InvitationOutcome:
    """What became of one contact. `token`: of a personal link, for the caller to hand over; "" for mail."""

    contact: Contact
    invitation: Invitation
    reason: str = ""
    token: str = ""


@transaction.atomic
def invite(
    survey: Survey, contacts: Sequence[Contact], *, via: Via, now: datetime, occasion: str = ""
) -> list[InvitationOutcome]:
    """Invite contacts by mail, or make them personal links; return what became of each, in order. Raises Closed.

    With an `occasion`, the same one again invites nobody twice (a new link is made then). The guard does not hold
    back a link: the colleague who hands it over decides.
    """
    if not survey.takes_answers(business_day(now)):
        raise Closed
    reasons = guard.reasons(contacts, now=now) if via == Via.EMAIL else {}
    outcomes = [_outcome(survey, contact, reasons.get(contact.pk, ""), via, now, occasion) for contact in contacts]
    made = [outcome.invitation for outcome in outcomes]
    # The invitation of a repeated occasion stands already and stays as it is.
    Invitation.objects.bulk_create({(row.customer_id, row.id): row for row in made}.values(), ignore_conflicts=True)
    return [_carried_out(outcome, via, now) for outcome in outcomes]


def _outcome(
    survey: Survey, contact: Contact, reason: str, via: Via, now: datetime, occasion: str
) -> InvitationOutcome:
    name = f"{survey.pk}:{contact.pk}:{occasion}" if occasion else str(uuid.uuid4())
    invitation = Invitation(
        customer_id=contact.customer_id,
        id=uuid.uuid5(_NAMESPACE, name),
        survey=survey,
        contact=contact,
        via=via,
        state=InvitationState.DROPPED
        if reason
        else InvitationState.WAITING
        if via == Via.EMAIL
        else InvitationState.SENT,
        reason=reason,
        created_at=now,
        sent_at=None if via == Via.EMAIL else now,
    )
    return InvitationOutcome(contact, invitation, reason)


def _carried_out(outcome: InvitationOutcome, via: Via, now: datetime) -> InvitationOutcome:
    if outcome.reason:
        tallies.add(tallies.step(outcome.invitation.survey_id, business_day(now), f"dropped:{outcome.reason}"))
        return outcome
    token = tokens.make(outcome.invitation, now=now)
    if via != Via.EMAIL:
        tallies.add(tallies.step(outcome.invitation.survey_id, business_day(now), Step.SENT))
        return InvitationOutcome(outcome.contact, outcome.invitation, token=token)
    payload = {"customer": outcome.invitation.customer_id, "invitation": str(outcome.invitation.id), "token": token}
    # The queue takes each name once, so a repeated occasion sends no second mail.
    queue.put("survey", f"survey:{outcome.invitation.id}", payload, now=now)
    return outcome
