"""What a scorer reads: counts, active days and stages of some customers, as columns, as known on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core import columns as db
from customers.models import Stage
from scoring.columns import ACTIVE_COLUMNS, COUNT_COLUMNS, NEVER, Arithmetic

# A date as its proleptic ordinal, `date.toordinal()`.
_ORDINAL = "({} - DATE '0001-01-01' + 1)::bigint"
_WHO = "customer_id = ANY(%s::bigint[])"

_COUNTS = f"""
    SELECT customer_id, event_type_id, {_ORDINAL.format("day")}, {_ORDINAL.format("known_on")}, count,
           LEAST(GREATEST(value_sum, -9000000000000000000), 9000000000000000000)::bigint
    FROM {{counts}}
    WHERE {_WHO} AND event_type_id = ANY(%s::bigint[]) AND day > %s AND day <= %s AND known_on <= %s
"""  # noqa: S608
_ACTIVES = f"""
    SELECT customer_id, contact_id, {_ORDINAL.format("day")}, {_ORDINAL.format("known_on")}
    FROM {{actives}} WHERE {_WHO} AND day > %s AND day <= %s AND known_on <= %s
"""  # noqa: S608
_LAST_ACTIVE = f"""
    SELECT customer_id, {_ORDINAL.format("max(day)")}
    FROM {{counts}}
    WHERE {_WHO} AND event_type_id = ANY(%s::bigint[]) AND day <= %s AND known_on <= %s GROUP BY 1
"""  # noqa: S608
_FOLLOWED_THEN = f"""
    SELECT customer_id FROM (
        SELECT DISTINCT ON (customer_id) customer_id, text FROM customers_inputlog
        WHERE {_WHO} AND name = 'stage' AND known_on <= %s ORDER BY customer_id, known_on DESC
    ) AS stages WHERE text = ANY(%s::text[])
"""  # noqa: S608
_STAGES = f"""
    SELECT customer_id, {_ORDINAL.format("known_on")}, (COALESCE(text, '') = ANY(%s::text[]))::int::bigint
    FROM customers_inputlog WHERE {_WHO} AND name = 'stage' AND known_on <= %s ORDER BY known_on
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Tables:
    """Where counts are read from: the stored ones, or for `verify` what the log says they must be."""

    counts: str = "events_dailycount"
    actives: str = "events_activeday"


STORED = Tables()


@dataclass(frozen=True, slots=True)
class Columns:
    customers: np.ndarray
    counts: np.ndarray
    actives: np.ndarray
    ever_active: np.ndarray


def current(
    arithmetic: Arithmetic, customers: Sequence[int], *, as_of: date, known_on: date, tables: Tables = STORED
) -> Columns:
    """Read what the score of one day needs. One to three queries, none of them wider than the windows."""
    ids = sorted(customers)
    wanted = np.array(ids, dtype=np.int64)
    since = date.fromordinal(max(1, as_of.toordinal() - arithmetic.model.longest_window))
    counts = _counts(arithmetic, ids, since, as_of, known_on, tables)
    actives = _actives(arithmetic, ids, since, as_of, known_on, tables)
    ever = np.zeros(len(ids), dtype=np.int64)
    active = counts[np.isin(counts["event_type"], _activity(arithmetic))]
    np.maximum.at(ever, np.searchsorted(wanted, active["customer"]), active["day"])
    quiet = wanted[ever == NEVER].tolist()
    if quiet:
        query = _LAST_ACTIVE.format(counts=tables.counts)
        older = db.read(query, [quiet, _activity(arithmetic), as_of, known_on], ["customer", "day"])
        ever[np.searchsorted(wanted, older["customer"])] = older["day"]
    return Columns(wanted, counts, actives, ever)


def everything(arithmetic: Arithmetic, customers: Sequence[int], *, until: date, tables: Tables = STORED) -> Columns:
    """Read all days up to `until`, to score many days from; `ever_active` is left at NEVER. One or two queries."""
    ids = sorted(customers)
    counts = _counts(arithmetic, ids, date.min, until, until, tables)
    actives = _actives(arithmetic, ids, date.min, until, until, tables)
    return Columns(np.array(ids, dtype=np.int64), counts, actives, np.zeros(len(ids), dtype=np.int64))


def followed_then(customers: Sequence[int], known_on: date) -> np.ndarray:
    """Return, sorted, those of the customers who were on trial or active, as known on the day. One query."""
    rows = db.read(_FOLLOWED_THEN, [list(customers), known_on, list(Stage.followed())], ["customer"])
    return np.sort(rows["customer"])


def stages(customers: Sequence[int], until: date) -> np.ndarray:
    """Return (customer, known_on, followed: 0 or 1) of every stage logged up to the day, in order. One query."""
    return db.read(_STAGES, [list(Stage.followed()), list(customers), until], ["customer", "known_on", "followed"])


def _counts(
    arithmetic: Arithmetic, ids: list[int], since: date, until: date, known_on: date, tables: Tables
) -> np.ndarray:
    params = [ids, arithmetic.event_types.tolist(), since, until, known_on]
    return db.read(_COUNTS.format(counts=tables.counts), params, COUNT_COLUMNS)


def _actives(
    arithmetic: Arithmetic, ids: list[int], since: date, until: date, known_on: date, tables: Tables
) -> np.ndarray:
    if not arithmetic.contact_windows:
        return np.empty(0, dtype=[(name, np.int64) for name in ACTIVE_COLUMNS])
    return db.read(_ACTIVES.format(actives=tables.actives), [ids, since, until, known_on], ACTIVE_COLUMNS)


def _activity(arithmetic: Arithmetic) -> list[int]:
    return [weight.event_type for weight in arithmetic.weights if weight.is_activity]
