"""Withdrawing events, and telling them again as they turned out to be. The one way in which the log changes.

An event is never changed: it is withdrawn (`void_on`, the open day), and where it moves or is corrected a copy is
inserted that is known from the open day on. Counts follow in the same statement, with signs, so that no closed day
changes. Events of customers in no list are in no history: those that move away from one are deleted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from customers import change_feed, identities
from events.log import counts
from events.log.counts import Line
from events.log.storing import COLUMNS

CHUNK = 5_000  # events in one transaction: some tenths of a second, in which others may wait for a row of counts

_CHOOSE = """
    SELECT customer_id, occurred_at, id, contact_id FROM events_event AS event
    WHERE customer_id = ANY(%(customers)s::bigint[]) AND {state} AND {where}
    ORDER BY customer_id, occurred_at, id LIMIT %(limit)s FOR UPDATE
"""
_CHOSEN = """
    customer_id BETWEEN %(chosen_from)s AND %(chosen_to)s AND occurred_at BETWEEN %(chosen_first)s AND %(chosen_last)s
    AND (customer_id, occurred_at, id) IN (
        SELECT * FROM
        unnest(%(chosen_customers)s::bigint[], %(chosen_moments)s::timestamptz[], %(chosen_numbers)s::bigint[])
    ) AND {where}
"""  # Asked again: names may have changed hands before they were held.
_OPEN = "%(open_day)s::date"


@dataclass(frozen=True, slots=True)
class _Taking:
    """How events are taken up: which ones, the statement, from when on, and which of them cease to count."""

    state: str
    statement: str
    known_on: str = _OPEN
    is_taken_away: str = "TRUE"


_WITHDRAWN = _Taking(
    "void_on IS NULL",
    f"""
    UPDATE events_event AS event SET void_on = %(open_day)s, void_act_id = {{act}}
    WHERE void_on IS NULL AND {_CHOSEN} RETURNING *
    """,  # noqa: S608
)
_REMOVED = _Taking(
    "TRUE",
    f"DELETE FROM events_event AS event WHERE {_CHOSEN} RETURNING *",  # noqa: S608
    known_on="known_on",
    is_taken_away="void_on IS NULL",
)
_FOUND = _Taking(
    "void_on IS NOT NULL",
    f"SELECT * FROM events_event AS event WHERE {_CHOSEN}",  # noqa: S608
    is_taken_away="FALSE",
)
_NONE_TOLD = "SELECT * FROM taken WHERE FALSE"
_LINE = "customer_id, event_type_id, contact_id, is_activity, day, COALESCE(value, 0) AS value"
# When what is known of a contact's events from a day on counts, and when not any more, by their objections since then.
_STEPS = """
    SELECT known_on, holds - lag(holds, 1, 0) OVER (ORDER BY known_on) AS sign FROM (
        SELECT moment.known_on, (NOT EXISTS (
            SELECT FROM customers_exclusion AS objection
            WHERE objection.contact_id = sums.contact_id AND objection.from_on <= moment.known_on
              AND (objection.to_on IS NULL OR objection.to_on > moment.known_on)
        ))::int AS holds
        FROM (
            SELECT sums.known_on
            UNION SELECT from_on FROM customers_exclusion WHERE contact_id = sums.contact_id AND from_on > sums.known_on
            UNION SELECT to_on FROM customers_exclusion WHERE contact_id = sums.contact_id AND to_on > sums.known_on
        ) AS moment
    ) AS moments
"""
_TELL = f"""
    WITH taken AS ({{taken}}), told AS ({{told}}), lines AS (
        SELECT {_LINE}, {{taken_known}} AS known_on, -1 AS sign FROM taken WHERE {{is_taken_away}}
        UNION ALL SELECT {_LINE}, known_on, 1 FROM told WHERE void_on IS NULL
    ), sums AS (
        SELECT customer_id, event_type_id, contact_id, is_activity, day, known_on,
               sum(sign)::bigint AS number, sum(sign * value) AS value
        FROM lines GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT customer_id, event_type_id, contact_id, is_activity, day, step.known_on, number * step.sign,
           value * step.sign
    FROM sums CROSS JOIN LATERAL ({_STEPS}) AS step
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Which:
    """Events of some customers: a condition on `event` in SQL, and its parameters.

    `act` is the act that withdraws an event, or restores it, as SQL over its row: several acts may share a chunk.
    """

    customers: Sequence[int]
    where: str = "TRUE"
    params: Mapping[str, Any] = field(default_factory=dict)
    act: str = "%(act)s"


@dataclass(frozen=True, slots=True)
class Told:
    """What one chunk did: how many events it took up, when the first and the last of them happened, and to whom."""

    events: int
    first: datetime | None = None
    last: datetime | None = None
    customers: Collection[int] = ()  # from which they were taken, and to which they were told


NOTHING = Told(0)


def withdraw(which: Which, *, act: int | None, open_day: date, limit: int = CHUNK) -> Told:
    """Withdraw live events. Six queries.

    Every function here works on `limit` events at most, in the caller's transaction, which holds the open day: call it
    again, in a transaction of its own, while it takes up any.
    """
    return _run(which, _WITHDRAWN, told=_NONE_TOLD, act=act, open_day=open_day, limit=limit)


def tell_again(
    which: Which, *, changed: Mapping[str, str], act: int | None, open_day: date, limit: int = CHUNK
) -> Told:
    """Withdraw live events, and tell each again with other columns: column → SQL over the old row. Six queries."""
    told = _insert({"told_act_id": which.act, **changed})
    return _run(which, _WITHDRAWN, told=told, act=act, open_day=open_day, limit=limit)


def move(which: Which, *, changed: Mapping[str, str], to_listed: bool, open_day: date, limit: int = CHUNK) -> Told:
    """Take events away from customers in no list, and put each where it belongs. Six queries.

    At a listed customer they are known from the open day on, at another one as long as before. Withdrawn ones go
    along, and stay withdrawn.
    """
    kept = {"void_on": "void_on", "void_act_id": "void_act_id", "told_act_id": "told_act_id"}
    known = {"void_on": f"CASE WHEN void_on IS NOT NULL THEN {_OPEN} END"} if to_listed else {"known_on": "known_on"}
    return _run(which, _REMOVED, told=_insert({**kept, **known, **changed}), act=None, open_day=open_day, limit=limit)


def restore(which: Which, *, act: int | None, open_day: date, limit: int = CHUNK) -> Told:
    """Tell withdrawn events again as they were. Seven queries.

    The caller's condition must leave out those it restored. Whose contact was folded into another since is settled
    behind (events.log.resettling).
    """
    told = _insert({"told_act_id": which.act})
    return _run(which, _FOUND, told=told, act=act, open_day=open_day, limit=limit)


def _insert(changed: Mapping[str, str]) -> str:
    values = {
        **{column: column for column in COLUMNS},
        "known_on": _OPEN,
        "told_act_id": "%(act)s",
        **changed,
    }
    return f"""
        INSERT INTO events_event ({", ".join(values)})
        SELECT {", ".join(values.values())} FROM taken AS event RETURNING *
    """  # noqa: S608


def _run(which: Which, taking: _Taking, *, told: str, act: int | None, open_day: date, limit: int) -> Told:
    params = {**which.params, "customers": list(which.customers), "limit": limit, "open_day": open_day, "act": act}
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE.format(state=taking.state, where=which.where), params)
        chosen = cursor.fetchall()
        if not chosen:
            return NOTHING
        ids, moments, numbers, contacts = map(list, zip(*chosen, strict=True))
        identities.lock((), {contact for contact in contacts if contact is not None})
        statement = _TELL.format(
            taken=taking.statement.replace("{act}", which.act).replace("{where}", which.where),
            told=told,
            taken_known=taking.known_on,
            is_taken_away=taking.is_taken_away,
        )
        cursor.execute(statement, {**params, **_bounds(ids, moments), "chosen_numbers": numbers})
        lines = [Line(*row) for row in cursor.fetchall()]
    # Not in the same statement: PostgreSQL would write the two tables in any order, and others write them in this one.
    counts.put(lines)
    customers = {line.customer for line in lines} | set(ids)
    change_feed.note(customers)
    return Told(len(chosen), min(moments), max(moments), customers)


def _bounds(ids: list[int], moments: list[datetime]) -> dict[str, Any]:
    """Name the events' ends besides the events, so that PostgreSQL looks into their months only.

    By names that no condition of a caller has.
    """
    return {
        "chosen_customers": ids,
        "chosen_moments": moments,
        "chosen_from": min(ids),
        "chosen_to": max(ids),
        "chosen_first": min(moments),
        "chosen_last": max(moments),
    }
