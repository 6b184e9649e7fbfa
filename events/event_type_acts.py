"""Event types made and changed by admins and by other systems: one verb for each, whichever door asks.

A published scoring model is left as it is: it copied what it needs of its types when it was published.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.models import Act
from events.corrections import lifecycle
from events.models import Correction, DailyCount, EventType
from staff.models import User

FIELDS = ("channel", "is_activity", "is_key_action", "is_touch", "is_intervention", "is_purchase", "unit")
_WAITING = (Correction.State.COUNTING, Correction.State.WEIGHING, Correction.State.READY)


@transaction.atomic
def make(
    name: str, fields: Mapping[str, Any], *, now: datetime, by: User | None, key: str = ""
) -> tuple[EventType, bool]:
    """Return the type of this name, made with any of FIELDS unless it is there, and whether it is new.

    `key`: the name of the key it was asked by, for the trail.
    """
    kind, is_new = EventType.objects.get_or_create(name=name, defaults={**fields, "created_at": now})
    if is_new:
        _note(kind, {field: [None, value] for field, value in fields.items()}, now=now, by=by, key=key)
    return kind, is_new


@transaction.atomic
def change(
    kind: EventType, fields: Mapping[str, Any], *, now: datetime, by: User | None, key: str = ""
) -> Correction | None:
    """Set any of FIELDS of a type; what would change the meaning of events that are stored is only asked for.

    Returns the correction that an admin looks at and carries out, the waiting one where the same was asked before;
    None when nothing has to wait. `kind` is as stored afterwards.
    """
    held = EventType.objects.select_for_update(no_key=True).get(pk=kind.pk)
    different = {name: value for name, value in fields.items() if getattr(held, name) != value}
    told = {name: value for name, value in different.items() if name in lifecycle.TOLD_AGAIN}
    waiting = told if told and DailyCount.objects.filter(event_type=held).exists() else {}
    at_once = {name: value for name, value in different.items() if name not in waiting}
    if at_once:
        _note(held, {name: [getattr(held, name), value] for name, value in at_once.items()}, now=now, by=by, key=key)
        EventType.objects.filter(pk=held.pk).update(**at_once)
    kind.refresh_from_db()
    return _asked(held, waiting, now=now, by=by) if waiting else None


def _asked(kind: EventType, changes: dict[str, Any], *, now: datetime, by: User | None) -> Correction:
    pairs = {name: [getattr(kind, name), value] for name, value in changes.items()}
    # A program sends what it wants each night: one question is enough.
    same = Correction.objects.filter(
        kind=Correction.Kind.RETELL, event_type=kind, changes=pairs, state__in=_WAITING
    ).first()
    return same or lifecycle.retell(kind, changes, now=now, by=by)


def _note(kind: EventType, changes: Mapping[str, Any], *, now: datetime, by: User | None, key: str) -> None:
    """Leave an act of no customer: who changed what, and from what to what."""
    plain = {
        name: [None if value is None else value if isinstance(value, bool) else str(value) for value in pair]
        for name, pair in changes.items()
    }
    detail = {"event_type": kind.pk, "name": kind.name, "changes": plain, **({"key": key} if key else {})}
    Act.objects.create(kind=Act.Kind.EVENT_TYPE, at=now, by=by, detail=detail)
