"""Events that follow what colleagues put right (customers.curation): of a whole customer, or of somebody deleted."""

from datetime import date, datetime
from typing import Any

from django.db import connection

from core import days
from customers import change_feed
from customers.change_feed import Claimed
from customers.models import Act
from events.log import acts, belonging, removing, telling
from events.log.telling import Told, Which
from events.models import Flag

# Of a whole customer: those whose person has changed as well wait in rows of their own.
_MOVED = f"{belonging.SAME_CONTACT} AND {belonging.IS_ELSEWHERE} AND occurred_at >= %(after)s"
_BEGINNING = "-infinity"
_TOLD = "event.customer_id = ANY(%s::bigint[]) AND event.told_act_id = %s AND event.occurred_at BETWEEN %s AND %s"
_ELSEWHERE = f"""
    INSERT INTO customers_affiliation (contact_id, customer_id)
    SELECT DISTINCT event.contact_id, event.customer_id FROM events_event AS event
    JOIN customers_contact AS contact ON contact.id = event.contact_id AND contact.customer_id <> event.customer_id
    JOIN customers_customer AS customer ON customer.id = event.customer_id AND NOT customer.provisional
    WHERE {_TOLD} ON CONFLICT DO NOTHING
"""  # noqa: S608
# Told where, or of whom, something else deleted stands: the customer, else the contact.
_DELETED = f"""
    SELECT DISTINCT customer.id, CASE WHEN customer.removed_at IS NULL THEN contact.id END
    FROM events_event AS event
    JOIN customers_customer AS customer ON customer.id = event.customer_id
    LEFT JOIN customers_contact AS contact ON contact.id = event.contact_id AND (event.flags & {int(Flag.RECORD)}) = 0
    WHERE {_TOLD} AND event.void_on IS NULL
      AND (customer.removed_at IS NOT NULL OR contact.removed_at IS NOT NULL)
"""  # noqa: S608
_ANOTHERS = f"""
    SELECT DISTINCT event.customer_id, event.contact_id FROM events_event AS event
    WHERE {_TOLD} AND event.void_on IS NULL AND event.contact_id IS NOT NULL AND NOT {belonging.SAME_CONTACT}
"""  # noqa: S608


def is_of_removal(change: Claimed, act: Act) -> bool:
    """Tell whether an act deleted the customer or contact whose events are settled, or took that back."""
    if act.detail.get("of") != ("customer" if change.contact is None else "contact"):
        return False
    return act.kind == Act.Kind.REMOVAL or (act.kind == Act.Kind.UNDO and "names" in act.detail)


def settle(change: Claimed, act: Act, *, now: datetime, limit: int) -> None:
    """Move, withdraw or restore some events, and note that there may be more."""
    open_day = days.lock_open_day(now)
    told = telling.NOTHING
    if change.contact is None:
        told = _move(change, act, open_day, limit)
    if not told.events and is_of_removal(change, act):
        told = _remove_or_restore(change, act, open_day, limit)
    if told.events:
        acts.extend(acts.held(act.pk), told)
        _note_more(change, act, told)
    elif change.contact is not None and act.kind == Act.Kind.UNDO:
        # Their names may have changed hands since.
        change_feed.resettle([(change.customer, change.contact)])


def _move(change: Claimed, act: Act, open_day: date, limit: int) -> Told:
    """Move events of all contacts from the customer to where they belong."""
    which = Which([change.customer], _MOVED, {"after": change.after or _BEGINNING})
    changed = {"customer_id": belonging.CUSTOMER}
    told = telling.tell_again(which, changed=changed, act=act.pk, open_day=open_day, limit=limit)
    _follow(act, told)
    return told


def _follow(act: Act, told: Told) -> None:
    """Note at which other customers contacts have events now, and what is to be withdrawn for another deletion."""
    if told.events == 0:
        return
    params: list[Any] = [list(told.customers), act.pk, told.first, told.last]
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, params)
        cursor.execute(_DELETED, params)
        deleted = cursor.fetchall()
    for place, contact in deleted:
        removing.note(place, contact)


def _remove_or_restore(change: Claimed, act: Act, open_day: date, limit: int) -> Told:
    if act.kind == Act.Kind.REMOVAL:
        return removing.withdraw(change.customer, change.contact, act=act.pk, open_day=open_day, limit=limit)
    removal = act.detail["undoes"]
    told = removing.restore(
        change.customer, change.contact, removal=removal, act=act.pk, open_day=open_day, limit=limit
    )
    _follow(act, told)
    if told.events:
        change_feed.resettle(_anothers(act, told))
    return told


def _anothers(act: Act, told: Told) -> list[tuple[int, int]]:
    """Return customer and contact of what was told again under somebody whose names are another's meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_ANOTHERS, [list(told.customers), act.pk, told.first, told.last])
        return cursor.fetchall()


def _note_more(change: Claimed, act: Act, told: Told) -> None:
    if change.contact is None:
        # Withdrawing and restoring begin where moving ended.
        change_feed.resettle_customer(change.customer, act=act.pk, after=told.last)
    else:
        change_feed.resettle([(change.customer, change.contact)], act=act.pk)
