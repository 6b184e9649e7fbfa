"""The event log: rows appended set-based, and moved when a contact turns out to belong to another customer."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from customers.models import Act
from customers.moving import Move
from customers.touch import touch
from events import counts
from events.event_rows import EventRow

_COLUMNS = [field.name for field in fields(EventRow)]
_COPY = f"COPY events_event ({', '.join(_COLUMNS)}) FROM STDIN"


def append(rows: Sequence[EventRow]) -> None:
    """Store events, count them and mark their customers. Five queries, whatever the number of events."""
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            # COPY takes a tenth of the time of bulk_create (core/db/bulk.py).
            copy.write_row([_wire(getattr(row, column)) for column in _COLUMNS])
    counts.add(rows)
    touch(row.customer_id for row in rows)


def _wire(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


_TAKE = """
    WITH taken AS (DELETE FROM events_event WHERE customer_id = %(from)s AND contact_id = %(contact)s RETURNING *),
    put AS (
        INSERT INTO events_event (id, {columns})
        SELECT id, {values} FROM taken RETURNING day
    )
    SELECT min(day), max(day) FROM put
"""
_RENAME = """
    WITH renamed AS (
        UPDATE events_event SET contact_id = %(to_contact)s
        WHERE customer_id = %(from)s AND contact_id = %(contact)s RETURNING day
    )
    SELECT min(day), max(day) FROM renamed
"""
_MOVED = {
    "customer_id": "%(to)s",
    "contact_id": "%(to_contact)s",
    "company_id": "COALESCE(company_id, %(identity)s)",
}


def move(moves: Sequence[Move], *, now: datetime) -> None:
    """Carry out moves of history, recount the days they reach, and leave an Act for each customer.

    A provisional customer's events go along to the new one (delete and insert: the customer is the table's
    distribution key); events at other customers stay there and only change their contact.
    """
    values = ", ".join(_MOVED.get(column, column) for column in _COLUMNS)
    take = _TAKE.format(columns=", ".join(_COLUMNS), values=values)
    for item in moves:
        names = {
            "contact": item.contact,
            "to_contact": item.to_contact,
            "to": item.to_customer,
            "identity": item.to_identity,
        }
        if item.provisional is not None:
            span = _run(take, {**names, "from": item.provisional})
            _settle([item.provisional, item.to_customer or 0], span, item, now=now)
        if item.contact != item.to_contact:
            for customer in item.elsewhere:
                _settle([customer], _run(_RENAME, {**names, "from": customer}), item, now=now)


def _run(statement: str, params: dict[str, Any]) -> tuple[date, date] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        first, last = cursor.fetchone()
    return None if first is None else (first, last)


def _settle(customers: list[int], span: tuple[date, date] | None, item: Move, *, now: datetime) -> None:
    if span is None:
        return
    first, last = span
    # Recounted, not added and subtracted: a day's events may have become known on several days.
    counts.recount(customers, first, last)
    Act.objects.create(
        kind=Act.Kind.MOVE,
        customer_id=customers[-1],
        from_day=first,
        to_day=last,
        at=now,
        detail={"contact": item.to_contact, "from_contact": item.contact, "from_customer": customers[0]},
    )
    touch(customers[-1:])
