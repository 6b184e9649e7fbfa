"""How often a contact may be asked: at most one survey in SURVEY_PAUSE_DAYS, counted on sends.

`why` is the one rule about who may not be asked. Forecasts, distributions and invitations ask it beforehand; `admit`
decides when a mail leaves, with the contact's one row locked, so that two senders cannot both find the way free.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, F, Q, Value, When

from customers.models import Contact
from surveys.models import Dropped, Guard, Invitation


def pause() -> timedelta:
    return timedelta(days=settings.SURVEY_PAUSE_DAYS)


def why(now: datetime, *, contact: str = "", guard: str = "guard__", but_for: Invitation | None = None) -> Case:
    """Return the expression that tells why a contact may not be asked now: a value of Dropped, "" when they may.

    It is for a queryset of contacts; `contact` and `guard` are the paths from another one. An invitation named by
    `but_for` does not stand in its own way: it is tried again, or reminds.
    """
    asked_recently = Q(**{f"{guard}asked_at__gt": now - pause()})
    if but_for is not None:
        asked_recently &= ~Q(**{f"{guard}invitation_id": but_for.id})
    # Another address than the one that bounced may be tried.
    bounced = Q(**{f"{guard}bounced_at__isnull": False, f"{guard}bounced_address": F(f"{contact}email")})
    return Case(
        When(**{f"{contact}survey_opt_out": True}, then=Value(Dropped.OPTED_OUT.value)),
        When(**{f"{contact}email": ""}, then=Value(Dropped.NO_ADDRESS.value)),
        When(bounced, then=Value(Dropped.BOUNCED.value)),
        When(asked_recently, then=Value(Dropped.LATELY.value)),
        default=Value(""),
        output_field=CharField(),
    )


def reasons(contacts: Iterable[Contact], *, now: datetime) -> dict[int, str]:
    """Return contact → why they may not be asked now, "" when they may. One query."""
    rows = Contact.objects.filter(pk__in=[contact.pk for contact in contacts])
    return dict(rows.order_by().annotate(why=why(now)).values_list("pk", "why"))


@transaction.atomic
def admit(invitation: Invitation, *, now: datetime) -> Dropped | None:
    """Take the contact's turn for this invitation; return why not, if it may not be sent. Three queries.

    Idempotent: the same invitation passes again.
    """
    assert invitation.contact_id is not None
    Guard.objects.bulk_create([Guard(contact_id=invitation.contact_id)], ignore_conflicts=True)
    # PostgreSQL computes the reason from the row as it stands once the lock is had, not as it was before waiting.
    rows = Guard.objects.annotate(why=why(now, contact="contact__", guard="", but_for=invitation))
    row = rows.select_for_update(of=("self",)).get(contact=invitation.contact_id)
    if row.why:
        return Dropped(row.why)
    if row.invitation_id != invitation.id:
        row.asked_at, row.invitation_id = now, invitation.id
        row.save(update_fields=["asked_at", "invitation_id"])
    return None


def release(invitation: Invitation) -> None:
    """Give the turn back: nothing reached the contact. One query."""
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
