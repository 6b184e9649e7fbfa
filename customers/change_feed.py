"""The change feed: what a stage has not looked at yet, a row for each stage that asks.

Rows are plain inserts in the transaction that changes something. A stage claims them in the transaction that does its
work: when that rolls back they are claimed again, and what changes meanwhile leaves rows of its own, so that no change
is missed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from core.db import bulk, direct
from core.jobs import waking

SCORE = "score"
RESETTLE = "resettle"

# Plain inserts, never an upsert: two events of one customer must not wait for each other.
_NOTE = """
    INSERT INTO customers_changed (stage, customer_id)
    SELECT stage, customer FROM unnest(%s::text[]) AS stage CROSS JOIN unnest(%s::bigint[]) AS customer
"""
_NOTE_CONTACTS = """
    INSERT INTO customers_changed (stage, customer_id, contact, act)
    SELECT %s, pair.*, %s FROM unnest(%s::bigint[], %s::bigint[]) AS pair
"""
_NOTE_WHOLE = "INSERT INTO customers_changed (stage, customer_id, act, after) VALUES (%s, %s, %s, %s)"
# ARRAY, which is made once: `id IN (…)` may be asked again for each row, and then takes further rows each time.
_CLAIM = """
    DELETE FROM customers_changed WHERE id = ANY(ARRAY(
        SELECT id FROM customers_changed WHERE stage = %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    )) RETURNING customer_id, contact, act, after
"""


class Claimed(NamedTuple):
    """A row of the feed. `act`: what the change is part of; of a whole customer, events before `after` are done."""

    customer: int
    contact: int | None
    act: int | None
    after: datetime | None


def note(customers: Iterable[int]) -> None:
    """Tell the stages that ask about customers that these changed. One query, none without customers or stages."""
    ids, stages = sorted(set(customers)), list(settings.CHANGE_STAGES)
    if ids and stages:
        direct.execute(_NOTE, [bulk.texts(stages), bulk.array(ids)])
        _wake(*stages)


def resettle(pairs: Iterable[tuple[int, int]], *, act: int | None = None) -> None:
    """Tell the stage that settles events that those of a contact at a customer may stand in the wrong place.

    `pairs` are customer and contact; `act` is what has them moved, where a colleague did. One query, none without
    pairs.
    """
    if rows := sorted(set(pairs)):
        with connection.cursor() as cursor:
            cursor.execute(_NOTE_CONTACTS, [RESETTLE, act, *map(list, zip(*rows, strict=True))])
        _wake(RESETTLE)


def resettle_customer(customer: int, *, act: int, after: datetime | None = None) -> None:
    """Tell the stage that settles events that those of a whole customer may stand in the wrong place. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_WHOLE, [RESETTLE, customer, act, after])
    _wake(RESETTLE)


def _wake(*stages: str) -> None:
    waking.after_commit(*(settings.TASKS_OF_STAGES[stage] for stage in stages if stage in settings.TASKS_OF_STAGES))


def claim(stage: str, limit: int) -> Sequence[Claimed]:
    """Take away up to `limit` rows of a stage, the oldest first. In a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [stage, limit])
        return [Claimed(*row) for row in cursor.fetchall()]
