"""What staff do with a parting: ask what it would do, carry it out, stop it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _

from core.jobs import leased
from core.jobs.leased import InvalidState
from core.names import ids
from customers.models import Act, Identity, IdentityKind, WrongId
from events.models import Parting, PartingPart
from staff.models import User

State = Parting.State
NAMES = 100  # of a contact that are offered


def names_of(contact: int) -> list[Identity]:
    """Return the ids of a contact that people may have shared, those most events came under first. One query."""
    kinds = (IdentityKind.USER, IdentityKind.EMAIL, IdentityKind.ANONYMOUS)
    rank = Case(*(When(kind=kind, then=place) for place, kind in enumerate(kinds)))
    return list(Identity.objects.filter(contact=contact, kind__in=kinds).order_by(rank, "pk")[:NAMES])


def ask(name: Identity, by_what: str, *, now: datetime, by: User | None) -> Parting:
    """Have workers count into whom the id of a contact would be parted. Nothing changes yet.

    Raises ValueError for what cannot be parted so.
    """
    if refusal := refuse(name, by_what):
        raise ValueError(refusal)
    assert name.contact_id is not None
    job = Parting.objects.create(name=name, contact_id=name.contact_id, by_what=by_what, created_at=now, by=by)
    leased.wake(job)
    return job


def refuse(name: Identity, by_what: str) -> str:
    """Return why the id cannot be parted so; "" when it can."""
    if name.contact_id is None:
        return _("This is the id of a company.")
    if name.kind == IdentityKind.ANONYMOUS and by_what == Parting.By.DEVICE:
        return _("An anonymous id is one device itself: part it by e-mail address or by company.")
    return ""


@transaction.atomic
def carry_out(job: Parting, *, rest_with: str = "", puts_on_list: bool = True, now: datetime, by: User | None) -> None:
    """Have workers part the people. The part of the key `rest_with` stays with the contact, and gets the rest.

    With `puts_on_list` the id is a wrong one from now on. Raises InvalidState.
    """
    held = _hold(job, State.READY)
    if rest_with and not PartingPart.objects.filter(of=held, key=rest_with).update(stays=True):
        raise InvalidState("There is no such part.")
    if puts_on_list and not WrongId.objects.is_wrong(held.name.value):
        WrongId.objects.create(value=ids.folded(held.name.value), added_at=now, by=by)
    detail = {"parting": held.pk, "contact": held.contact_id, "id": held.name.value, "kind": held.by_what}
    held.act = Act.objects.create(kind=Act.Kind.PART, at=now, by=by, detail=detail)
    held.rest_with, held.puts_on_list, held.state, held.by = rest_with, puts_on_list, State.RUNNING, by
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        raise InvalidState("Another parting of this contact is running.") from None
    leased.wake(held)


@transaction.atomic
def cancel(job: Parting, *, now: datetime) -> None:
    """End it after the step that is being done; what was done stays. Raises InvalidState."""
    leased.ask_to_cancel(_hold(job, State.READY, *Parting.waiting_states), now=now)


def _hold(job: Parting, *states: str) -> Parting:
    # Locked: of two colleagues on two pages of one parting, the second finds the state the first has left.
    held = Parting.objects.select_for_update().get(pk=job.pk)
    if held.state not in states:
        raise InvalidState(f"It is {held.get_state_display()}.")
    return held
