"""Inviting people by name: from the API, or a colleague's page. Who may not be asked is named with the reason."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.days import utc_day
from core.outbox import queue
from customers.models import Contact
from surveys.answering import tallies
from surveys.answering.answers import Closed
from surveys.answering.tallies import Step
from surveys.models import Dropped, Guard, Invitation, State, Survey, Via
from surveys.sending import guard, tokens

_NAMESPACE = uuid.UUID("5f0f1f0a-3a56-4b59-9a2a-6f5d0c9f7c3e")  # any; the same occasion is the same invitation


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one person. `token`: of a link asked for, to be handed over by whoever asked; "" for mail."""

    contact: Contact
    invitation: Invitation
    reason: str = ""
    token: str = ""


@transaction.atomic
def invite(survey: Survey, contacts: Sequence[Contact], *, via: Via, now: datetime, occasion: str = "") -> list[Asked]:
    """Invite contacts by mail, or make them personal links; return what became of each, in order. Raises Closed.

    With an `occasion`, the same one again invites nobody twice (a link is then made anew). A link is not held back by
    the guard: who hands it over decides.
    """
    if not survey.takes_answers(utc_day(now)):
        raise Closed
    guards = {row.contact_id: row for row in Guard.objects.filter(contact__in=contacts)}
    found = [_one(survey, contact, guards.get(contact.pk), via, now, occasion) for contact in contacts]
    made = [one.invitation for one in found]
    Invitation.objects.bulk_create({(row.customer_id, row.id): row for row in made}.values(), ignore_conflicts=True)
    return [_carried_out(one, via, now) for one in found]


def _one(survey: Survey, contact: Contact, held: Guard | None, via: Via, now: datetime, occasion: str) -> Asked:
    reason = _reason(contact, held, now) if via == Via.EMAIL else ""
    name = f"{survey.pk}:{contact.pk}:{occasion}" if occasion else str(uuid.uuid4())
    invitation = Invitation(
        customer_id=contact.customer_id,
        id=uuid.uuid5(_NAMESPACE, name),
        survey=survey,
        contact=contact,
        via=via,
        state=State.DROPPED if reason else State.WAITING if via == Via.EMAIL else State.SENT,
        reason=reason,
        created_at=now,
        sent_at=None if via == Via.EMAIL else now,
    )
    return Asked(contact, invitation, reason)


def _reason(contact: Contact, held: Guard | None, now: datetime) -> str:
    """Return why the guard would refuse now; it decides again when the mail leaves."""
    if contact.survey_opt_out:
        return Dropped.OPTED_OUT
    if not contact.email:
        return Dropped.NO_ADDRESS
    if held is not None and held.bounced_at is not None and held.bounced_address == contact.email:
        return Dropped.BOUNCED
    return Dropped.LATELY if held is not None and held.asked_at and held.asked_at > now - guard.pause() else ""


def _carried_out(one: Asked, via: Via, now: datetime) -> Asked:
    if one.reason:
        tallies.add(tallies.step(one.invitation.survey_id, utc_day(now), f"dropped:{one.reason}"))
        return one
    token = tokens.make(one.invitation, now=now)
    if via != Via.EMAIL:
        tallies.add(tallies.step(one.invitation.survey_id, utc_day(now), Step.SENT))
        return Asked(one.contact, one.invitation, token=token)
    payload = {"customer": one.invitation.customer_id, "invitation": str(one.invitation.id), "token": token}
    queue.put("survey", f"survey:{one.invitation.id}", payload, now=now)
    return one
