"""Undoing what a colleague put right, from the act itself."""

from datetime import datetime

from django.db import transaction

from customers.curation import Refused, acts, assigning, hold, merges, moves, refusals, removals
from customers.models import Act
from staff.models import User


def whole(act: Act) -> Act:
    """Return the act of several customers that an act of one of them is part of, else itself."""
    return act.part_of or act


def refusal(act: Act) -> str:
    """Say why an act cannot be undone; "" when it can. Three queries at most."""
    return refusals.undoing(whole(act))


@transaction.atomic
def undo(act: Act, *, now: datetime, by: User | None) -> Act:
    """Undo a merge, a move, a deletion or a new owner; return the act of that. Raises Refused."""
    hold(now)
    held = Act.objects.select_for_update().get(pk=whole(act).pk)
    if why := refusals.undoing(held):
        raise Refused(why)
    undone = _undo(held, now, by)
    acts.mark(held, undone=undone.pk)
    return undone


def _undo(act: Act, now: datetime, by: User | None) -> Act:
    if act.kind == Act.Kind.OWNER:
        return assigning.undo(act, now=now, by=by)
    if act.kind == Act.Kind.REASSIGN:
        return moves.undo(act, now=now, by=by)
    if act.kind == Act.Kind.REMOVAL:
        return removals.undo(act, now=now, by=by)
    if act.detail["of"] == "customer":
        return merges.undo_customers(act, now=now, by=by)
    return merges.undo_contacts(act, now=now, by=by)
