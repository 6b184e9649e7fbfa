"""What an admin does with a correction: ask what it would change, carry it out, cancel, undo."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.jobs import leased
from core.jobs.leased import InvalidState
from customers.models import Act, Customer
from events import catalogue
from events.corrections import types_changed
from events.models import Correction, EventType, Source
from staff.models import User

Kind, State = Correction.Kind, Correction.State
TOLD_AGAIN = ("channel", "is_activity", "is_purchase")  # fields of a type whose change is previewed


def withdraw(
    *,
    now: datetime,
    by: User | None,
    customer: Customer | None = None,
    source: Source | None = None,
    event_type: EventType | None = None,
    first_on: date | None = None,
    last_on: date | None = None,
    file: int | None = None,
    to_type: EventType | None = None,
) -> Correction:
    """Ask what withdrawing events would change, or telling them again as of `to_type`. Nothing changes yet.

    Of a customer, or of a source; within days, of a type, or what one import brought, as far as these are given.
    """
    kind = Kind.WITHDRAW if to_type is None else Kind.REMAP
    return _asked(
        kind=kind, customer=customer, source=source, event_type=event_type, first_on=first_on, last_on=last_on,
        file=file, to_type=to_type, created_at=now, by=by,
    )  # fmt: skip


def merge(kind: EventType, into: EventType, *, now: datetime, by: User | None) -> Correction:
    """Ask what storing a type's events under another would change. Raises InvalidState with the reason."""
    if refusal := refuse_merge(kind, into):
        raise InvalidState(refusal)
    return _asked(kind=Kind.MERGE, event_type=kind, to_type=into, created_at=now, by=by)


def refuse_merge(kind: EventType, into: EventType) -> str:
    """Return why the type cannot be merged into the other; "" when it can."""
    if kind.name in catalogue.TOLD_BY_US:
        return _("Rapport itself stores events as “%(name)s”: they would come in again.") % {"name": kind.name}
    if kind.pk == into.pk:
        return _("A type cannot be merged into itself.")
    if kind.merged_into_id is not None or into.merged_into_id is not None:
        return _("One of them was merged already.")
    return ""


def retell(kind: EventType, changes: dict[str, Any], *, now: datetime, by: User | None) -> Correction:
    """Ask what other flags or another channel of a type would change. `changes`: field → value, of TOLD_AGAIN."""
    before_and_after = {name: [getattr(kind, name), value] for name, value in changes.items()}
    return _asked(kind=Kind.RETELL, event_type=kind, changes=before_and_after, created_at=now, by=by)


def _asked(**fields: Any) -> Correction:
    job = Correction.objects.create(**fields)
    leased.wake(job)
    return job


@transaction.atomic
def carry_out(job: Correction, *, now: datetime, by: User | None) -> None:
    """Change the type, if it is about one, and have workers do what was previewed. Raises InvalidState."""
    held = _hold(job, State.READY)
    # Types may have been merged since the preview.
    if held.kind == Kind.MERGE and (refusal := refuse_merge(held.event_type, held.to_type)):  # type: ignore[arg-type]
        raise InvalidState(refusal)
    kind = Act.Kind.EVENT_TYPE if held.is_of_type else Act.Kind.CORRECTION
    detail = {"correction": held.pk, "kind": held.kind, **types_changed.words(held)}
    held.act = Act.objects.create(kind=kind, at=now, by=by, detail=detail)
    # Before its events: what is stored from now on is stored as it says.
    types_changed.change(held)
    held.state, held.at_key = State.RUNNING, -1
    held.save()
    leased.wake(held)


@transaction.atomic
def cancel(job: Correction, *, now: datetime) -> None:
    """End it after the chunk that is being done; what was done stays, and can be undone. Raises InvalidState."""
    leased.ask_to_cancel(_hold(job, State.READY, *Correction.waiting_states), now=now)


@transaction.atomic
def undo(job: Correction, *, now: datetime, by: User | None) -> None:
    """Have workers take back what was done, or go on with it. Raises InvalidState."""
    held = _hold(job, State.DONE, State.CANCELLED, State.FAILED)
    if not held.can_be_undone:
        raise InvalidState("It changed nothing.")
    if held.undo_act_id is None:
        detail = {"correction": held.pk, "kind": held.kind, "undoes": held.act_id}
        held.undo_act = Act.objects.create(kind=Act.Kind.UNDONE, at=now, by=by, detail=detail)
        types_changed.change_back(held)
        held.at_key, held.at_moment = -1, None
    held.state, held.finished_at, held.problem, held.asked_to_cancel = State.UNDOING, None, "", False
    held.lease, held.leased_until, held.tries = None, None, 0
    held.save()
    leased.wake(held)


def _hold(job: Correction, *states: str) -> Correction:
    # Locked: of two admins on two pages of one correction, the second finds the state the first has left.
    held = Correction.objects.select_for_update().get(pk=job.pk)
    if held.state not in states:
        raise InvalidState(f"It is {held.get_state_display()}.")
    return held
