"""How often an address may be asked: at most one survey in SURVEY_PAUSE_DAYS, counted on sends, whoever has it.

`why` is the one rule about who may not be asked. Forecasts, distributions and invitations ask it beforehand; `admit`
decides when a mail leaves, with the address's one row locked, so that two senders cannot both find the way free.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When

from customers.consent import addresses, refusals
from customers.consent.refusals import BOUNCED, OPTED_OUT
from customers.models import AddressConsent, Contact
from surveys.models import AddressGuard, Dropped, Invitation


def pause() -> timedelta:
    return timedelta(days=settings.SURVEY_PAUSE_DAYS)


def why(now: datetime) -> Case:
    """Return the expression that tells, in a query of contacts, why one may not be asked now.

    A value of Dropped, "" when they may.
    """
    asked = AddressGuard.objects.filter(address=OuterRef("address"), asked_at__gt=now - pause())
    return Case(
        # Either alone would do but for a moment's race: the flag follows the address, and the address the flag.
        When(Q(survey_opt_out=True) | Q(refusals.stands(OPTED_OUT)), then=Value(Dropped.OPTED_OUT.value)),
        When(email="", then=Value(Dropped.NO_ADDRESS.value)),
        When(refusals.stands(BOUNCED), then=Value(Dropped.BOUNCED.value)),
        When(Exists(asked), then=Value(Dropped.LATELY.value)),
        default=Value(""),
        output_field=CharField(),
    )


def reasons(contacts: Iterable[Contact], *, now: datetime) -> dict[int, str]:
    """Return contact → why they may not be asked now, "" when they may. One query."""
    rows = Contact.objects.filter(pk__in=[contact.pk for contact in contacts])
    return dict(rows.order_by().annotate(why=why(now)).values_list("pk", "why"))


@transaction.atomic
def admit(invitation: Invitation, *, now: datetime) -> Dropped | None:
    """Take the turn of the contact's address for this invitation; return why not, if it may not be sent.

    Judged is the address that `invitation.contact` carries, to which the caller sends. Idempotent: the same invitation
    passes again. Five queries at most.
    """
    assert invitation.contact is not None
    address = addresses.digest(invitation.contact.email)
    if address is None:
        refuses = Contact.objects.filter(pk=invitation.contact.pk, survey_opt_out=True).exists()
        return Dropped.OPTED_OUT if refuses else Dropped.NO_ADDRESS
    AddressGuard.objects.bulk_create([AddressGuard(address=address)], ignore_conflicts=True)
    row = AddressGuard.objects.select_for_update().get(address=address)
    # Asked once the lock is had: what was refused while waiting for it counts.
    if refusal := _refusal(invitation.contact, address):
        return refusal
    is_own = row.invitation_id == invitation.id
    if row.asked_at is not None and row.asked_at > now - pause() and not is_own:
        return Dropped.LATELY
    if not is_own:
        row.asked_at, row.invitation_id = now, invitation.id
        row.save(update_fields=["asked_at", "invitation_id"])
        Invitation.objects.filter(customer_id=invitation.customer_id, id=invitation.id).update(sent_to=address)
    return None


def _refusal(contact: Contact, address: bytes) -> Dropped | None:
    """Return what the contact or the address refuses, as committed by now. Two queries."""
    known = set(AddressConsent.objects.filter(address=address).values_list("kind", flat=True))
    if OPTED_OUT in known or Contact.objects.filter(pk=contact.pk, survey_opt_out=True).exists():
        return Dropped.OPTED_OUT
    return Dropped.BOUNCED if BOUNCED in known else None


def release(invitation: Invitation) -> None:
    """Give the turn back: nothing reached the address. One query."""
    AddressGuard.objects.filter(address=address_of(invitation), invitation_id=invitation.id).update(
        asked_at=None, invitation_id=None
    )


def note_bounce(invitation: Invitation, *, now: datetime) -> None:
    """Remember that the address the mail went to does not work, whoever has it."""
    if (address := address_of(invitation)) is not None:
        refusals.note_bounce(address, now=now)


def address_of(invitation: Invitation) -> bytes | None:
    """Return the hash of the address the mail went to; of one sent before that was noted, the contact's."""
    if invitation.sent_to is not None:
        return bytes(invitation.sent_to)
    return addresses.digest(invitation.contact.email) if invitation.contact is not None else None
