"""On which days events of each type came in: written with the events, only ever added to."""

from collections.abc import Sequence
from datetime import date

from core.days import business_day
from core.db import bulk, direct
from events.log.event_rows import EventRow

_ADD = """
    INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::date[], %s::boolean[])
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


def note_told(event_type: int, *, day: date, known_on: date, by_contact: bool) -> None:
    """Note that events are told again as of another type, the first of `day`. One query."""
    direct.execute(_ADD, [bulk.array([value]) for value in (event_type, day, known_on, known_on, by_contact)])
