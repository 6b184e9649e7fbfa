"""On which days events of each type came in: written with the events, only ever added to."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from core.days import business_day
from core.db import bulk, direct
from events.log.event_rows import EventRow

_ADD = """
    INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::date[], %s::boolean[])
    ON CONFLICT DO NOTHING
"""
_ADD_FIRST = """
    INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
    SELECT %(to)s, min(day), %(known_on)s, %(known_on)s, by_contact FROM events_typeday AS named
    WHERE event_type_id = %(named)s GROUP BY by_contact
    ON CONFLICT DO NOTHING
"""


def note(rows: Sequence[EventRow]) -> None:
    """Note the days of events that were stored. One statement, for a pipeline (core.db.direct).

    After the counts, and in the order of the keys: two writers of the same first event wait, and cannot deadlock.
    """
    keys = {
        (
            row.event_type_id,
            row.day,
            row.known_on,
            business_day(row.received_at),
            row.is_activity and row.contact_id is not None,
        )
        for row in rows
    }
    direct.execute(_ADD, [bulk.array(column) for column in zip(*sorted(keys), strict=True)])


def note_renamed(*, named: int, to: int, known_on: date) -> None:
    """Note that what came under one type is told again under another, known from then on. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_FIRST, {"named": named, "to": to, "known_on": known_on})
