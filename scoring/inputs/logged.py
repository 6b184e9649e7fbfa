"""Reading the log of inputs as columns: the last rows, all rows, and since when a customer is known."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from core.db import bulk
from core.db import column_query as db
from scoring.engine import DEFINITIONS, Period
from scoring.inputs import batches
from scoring.vectorised import LOG_COLUMNS, BatchEngine
from scoring.vectorised.shapes import nothing

# A date as its proleptic ordinal, `date.toordinal()`.
ORDINAL = "({} - DATE '0001-01-01' + 1)::bigint"
FAR_BITS = 23
FAR = 1 << FAR_BITS  # beyond every ordinal, and beyond the number of every event type
# Two days in one number, the second one modulo FAR: each column that is sent costs as much as reading it.
TWO_DAYS = f"(({{}} - DATE '0001-01-01' + 1)::bigint * {FAR} + ({{}} - DATE '0001-01-01' + 1))"
_DAY = 1_000_000_000  # marks from here on are days, written 1_YYYYMMDD so that no text can fail to be a date
_VALUE = f"""
    {ORDINAL.format("row.known_on")}, (row.number IS NOT NULL)::int::bigint, COALESCE(row.number, 0),
    CASE WHEN row.text ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' THEN {_DAY} + replace(row.text, '-', '')::bigint
         WHEN row.text ~ '^[A-Z]{{3}}$'
         THEN ascii(row.text) * 65536 + ascii(substr(row.text, 2)) * 256 + ascii(substr(row.text, 3))
         ELSE 0 END::bigint
"""
_LAST = f"""
    SELECT who.id, wanted.place, {_VALUE}
    FROM unnest(%s::bigint[]) AS who (id)
    CROSS JOIN unnest(%s::bigint[], %s::text[], %s::date[]) AS wanted (place, name, day)
    CROSS JOIN LATERAL (
        SELECT known_on, number, text FROM customers_inputlog
        WHERE customer_id = who.id AND name = wanted.name AND known_on <= wanted.day
        ORDER BY known_on DESC LIMIT 1
    ) AS row
"""  # noqa: S608
# Of several days: what was logged between the first and the last of them, which is less work than asking for each.
_BETWEEN = f"""
    UNION ALL
    SELECT who.id, wanted.place, {_VALUE}
    FROM unnest(%s::bigint[]) AS who (id)
    CROSS JOIN unnest(%s::bigint[], %s::text[], %s::date[], %s::date[]) AS wanted (place, name, first, last)
    JOIN customers_inputlog AS row
        ON row.customer_id = who.id AND row.name = wanted.name
       AND row.known_on > wanted.first AND row.known_on <= wanted.last
"""  # noqa: S608
# Told from the rows of _LAST by a place that no name has.
_FIRST = f"""
    UNION ALL
    SELECT who.id, -1::bigint, {ORDINAL.format("row.known_on")}, 0::bigint, 0::bigint, 0::bigint
    FROM unnest(%s::bigint[]) AS who (id)
    CROSS JOIN LATERAL (
        SELECT known_on FROM customers_inputlog
        WHERE customer_id = who.id AND name = 'stage' AND known_on <= %s ORDER BY known_on LIMIT 1
    ) AS row
"""  # noqa: S608
_ALL = f"""
    SELECT row.customer_id, wanted.place, {_VALUE}
    FROM (SELECT * FROM customers_inputlog WHERE {{who}} AND known_on <= %s) AS row
    JOIN unnest(%s::bigint[], %s::text[]) AS wanted (place, name) ON wanted.name = row.name
"""  # noqa: S608
_FIRST_KNOWN = f"""
    SELECT customer_id, {ORDINAL.format("min(known_on)")}
    FROM customers_inputlog WHERE {{who}} AND name = 'stage' AND known_on <= %s GROUP BY 1
"""  # noqa: S608


def last_and_first(
    batch_engine: BatchEngine, customers: Sequence[int], *days: date, known: date
) -> tuple[np.ndarray, np.ndarray]:
    """Return the last row of each name, and the first day of each customer's history. One query.

    Enough rows to tell the last one up to each of the days, and up to the days they are compared with; the first day is
    that up to `known`, as `first_known` reads it. `customers` are in order.
    """
    who, spans = bulk.array(customers), _spans(batch_engine, days)
    query, params = _LAST, [who, *map(list, zip(*(span[:3] for span in spans), strict=True))]
    if several := [span for span in spans if span[2] < span[3]]:
        query, params = query + _BETWEEN, [*params, who, *map(list, zip(*several, strict=True))]
    if not _asks_for_history(batch_engine):
        return _with_days(db.read(query, params, LOG_COLUMNS)), np.zeros(len(customers), dtype=np.int64)
    rows = db.read(query + _FIRST, [*params, who, known], LOG_COLUMNS)
    is_first = rows["name"] < 0
    first = rows[is_first]
    return _with_days(rows[~is_first]), _by_customer(np.array(customers), first["customer"], first["known_on"])


def _spans(batch_engine: BatchEngine, days: Sequence[date]) -> list[tuple[int, str, date, date]]:
    """Return place and name of each input, with the first and the last day up to which its last row is wanted."""
    wanted = {name: {*days} for name in batch_engine.names}
    for factor in batch_engine.model.factors:
        definition = DEFINITIONS[factor.kind]
        if definition.period is Period.INPUT_CHANGE and (name := definition.log_name(factor)):
            wanted[name] |= {day - timedelta(days=factor.days) for day in days}
    return [(place, name, min(wanted[name]), max(wanted[name])) for place, name in enumerate(batch_engine.names)]


def everything(batch_engine: BatchEngine, customers: Sequence[int], until: date) -> np.ndarray:
    """Return every row of the names a model reads, up to the day. One query."""
    names = list(batch_engine.names)
    return _with_days(batches.read(_ALL, sorted(customers), [until, list(range(len(names))), names], LOG_COLUMNS))


def first_known(batch_engine: BatchEngine, customers: np.ndarray, day: date) -> np.ndarray:
    """Return the first day of each customer's history, NEVER without one. One query, none when no model asks."""
    if not _asks_for_history(batch_engine):
        return np.zeros(len(customers), dtype=np.int64)
    rows = batches.read(_FIRST_KNOWN, customers.tolist(), [day], ["customer", "day"])
    return _by_customer(customers, rows["customer"], rows["day"])


def _asks_for_history(batch_engine: BatchEngine) -> bool:
    return bool(batch_engine.model.least_history or batch_engine.trend_days)


def _by_customer(customers: np.ndarray, known: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return a day for each of the customers: of those in `known` the one of `days`, of others NEVER."""
    first = np.zeros(len(customers), dtype=np.int64)
    first[np.searchsorted(customers, known)] = days
    return first


def _with_days(rows: np.ndarray) -> np.ndarray:
    """Turn marks that are days into ordinals; a 31 June becomes some day near it, never an error."""
    if not len(rows):
        return nothing(LOG_COLUMNS)
    digits = rows["mark"] - _DAY
    rows["mark"] = np.where(digits >= 0, _ordinal(digits // 10_000, digits // 100 % 100, digits % 100), rows["mark"])
    return rows


def _ordinal(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Count days of the proleptic calendar; the year is taken to begin in March (Hinnant, days_from_civil)."""
    shifted = year - (month <= 2)
    since_march = (month + 9) % 12
    of_year = (153 * since_march + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 305
