"""Counts and active days as they would be after a correction: SQL in place of the stored tables."""

from datetime import date

from events.corrections import selection
from events.models import Correction

_NOT_OBJECTED = """
    NOT EXISTS (
        SELECT FROM customers_exclusion AS objection
        WHERE objection.contact_id = event.contact_id AND objection.to_on IS NULL
    )
"""
_COUNTS = """
    SELECT customer_id, {event_type}, day, '{known_on}'::date, ({sign} * count(*))::bigint,
           {sign} * COALESCE(sum(value), 0)
    FROM events_event AS event WHERE void_on IS NULL AND {where} AND {not_objected} GROUP BY 1, 2, 3
"""
_ACTIVES = """
    SELECT customer_id, contact_id, day, '{known_on}'::date, ({sign} * count(*))::bigint
    FROM events_event AS event
    WHERE void_on IS NULL AND {where} AND {not_objected} AND contact_id IS NOT NULL AND {activity} GROUP BY 1, 2, 3
"""


def counts_after(job: Correction, known_on: date) -> str:
    """Return a table with the columns of daily counts: the stored ones, and what the correction would add."""
    values = {"where": selection.where(job), "known_on": known_on, "not_objected": _NOT_OBJECTED}
    arms = ["SELECT customer_id, event_type_id, day, known_on, count, value_sum FROM events_dailycount"]
    if job.kind != job.Kind.RETELL:
        arms.append(_COUNTS.format(event_type="event_type_id", sign=-1, **values))
    if job.to_type_id is not None:
        arms.append(_COUNTS.format(event_type=f"{int(job.to_type_id)}::bigint", sign=1, **values))
    return _together(arms)


def actives_after(job: Correction, known_on: date) -> str:
    """Return a table with the columns of active days: the stored ones, and what the correction would add."""
    values = {"where": selection.where(job), "known_on": known_on, "not_objected": _NOT_OBJECTED}
    arms = [
        "SELECT customer_id, contact_id, day, known_on, count FROM events_activeday",
        _ACTIVES.format(activity="is_activity", sign=-1, **values),
    ]
    if job.kind != job.Kind.WITHDRAW:
        arms.append(_ACTIVES.format(activity=selection.becomes_activity(job), sign=1, **values))
    return _together(arms)


def _together(arms: list[str]) -> str:
    return f"({' UNION ALL '.join(arms)}) AS known"
