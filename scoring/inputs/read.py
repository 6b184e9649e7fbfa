"""What a scorer reads of some customers, as columns, as known on a day: counts, active days, inputs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from scoring import engine
from scoring.inputs import batches, logged
from scoring.inputs.logged import FAR, FAR_BITS, ORDINAL, TWO_DAYS
from scoring.inputs.newness import Newness
from scoring.inputs.silence import Silence
from scoring.vectorised import ACTIVE_COLUMNS, COUNT_COLUMNS, NEVER, BatchEngine, Columns, netted
from scoring.vectorised.shapes import nothing

_COUNTS = f"""
    SELECT customer_id * {FAR} + event_type_id, {TWO_DAYS.format("day", "known_on")}, count,
           CASE WHEN value_sum = 0 THEN 0
                ELSE LEAST(GREATEST(value_sum, -9000000000000000000), 9000000000000000000)::bigint END
    FROM {{counts}}
    WHERE {{{{who}}}} AND event_type_id = ANY(%s::bigint[]) AND day > %s AND day <= %s AND known_on <= %s
"""  # noqa: S608
_PACKED = ("whose", "days", "count", "value_sum")
_ACTIVES = f"""
    SELECT customer_id, contact_id, {ORDINAL.format("day")}, {ORDINAL.format("known_on")}, count
    FROM {{actives}} WHERE {{{{who}}}} AND day > %s AND day <= %s AND known_on <= %s
"""  # noqa: S608
_LAST_DAY = f"""
    SELECT customer_id, {ORDINAL.format("max(day)")}
    FROM (
        SELECT customer_id, day FROM {{counts}}
        WHERE {{{{who}}}} AND event_type_id = ANY(%s::bigint[]) AND day <= %s AND known_on <= %s
        GROUP BY 1, 2 HAVING sum(count) > 0
    ) AS days GROUP BY 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Tables:
    """Where counts are read from: the stored ones, or for `verify` what the log says they must be."""

    counts: str = "events_dailycount"
    actives: str = "events_activeday"


STORED = Tables()


def current(
    batch_engine: BatchEngine, customers: Sequence[int], *, as_of: date, known_on: date, tables: Tables = STORED
) -> Columns:
    """Read what the score of one day needs. Two to nine queries, by what the model looks at."""
    rows = rows_of(batch_engine, customers, as_of=as_of, known_on=known_on, tables=tables)
    columns = netted(rows, known_on.toordinal())
    lookups = [Lookup(types, as_of, known_on) for types in (activity(batch_engine), touches(batch_engine))]
    active, touched = (last_days(columns, lookup, tables) for lookup in lookups)
    silent = Silence(batch_engine.model, until=as_of, known_on=known_on).on(as_of.toordinal(), known_on.toordinal())
    span = {"first": as_of, "until": as_of, "known_on": known_on}
    newness = Newness(batch_engine.model, columns.customers, **span, counts=tables.counts)
    young = newness.on(as_of.toordinal(), known_on.toordinal())
    return replace(columns, last_active_day=active, last_touch_day=touched, silent=silent, within_new_days=young)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The last day with an event of some types, up to a day, as known then."""

    types: list[int]
    as_of: date
    known_on: date


def rows_of(
    batch_engine: BatchEngine,
    customers: Sequence[int],
    *,
    as_of: date,
    known_on: date,
    earlier: Sequence[date] = (),
    tables: Tables = STORED,
) -> Columns:
    """Read the rows that the scores of `as_of` and of `earlier` days need, without any last days."""
    ids = sorted(customers)
    known, before = min(as_of, known_on), min([as_of, *earlier])
    never = np.zeros(len(ids), dtype=np.int64)
    ends = {known, *(min(day, known) for day in earlier)}
    last, first_known = logged.last_and_first(batch_engine, ids, *ends, known=known)
    return Columns(
        customers=np.array(ids, dtype=np.int64),
        counts=_counts(batch_engine, ids, days_before(before, batch_engine.reach), as_of, known_on, tables),
        actives=_actives(batch_engine, ids, days_before(before, batch_engine.contact_days), as_of, known_on, tables),
        logged=last,
        last_active_day=never,
        last_touch_day=never,
        first_known=first_known,
        within_new_days=never.astype(bool),
    )


def last_days(columns: Columns, lookup: Lookup, tables: Tables) -> np.ndarray:
    """Return each customer's last day: mostly within reach, else looked up. One query at most."""
    last = within_reach(columns, lookup)
    if lookup.types and len(missing := columns.customers[last == NEVER].tolist()):
        query, params = _LAST_DAY.format(counts=tables.counts), [lookup.types, lookup.as_of, lookup.known_on]
        older = batches.read(query, missing, params, ["customer", "day"])
        last[np.searchsorted(columns.customers, older["customer"])] = older["day"]
    return last


def within_reach(columns: Columns, lookup: Lookup) -> np.ndarray:
    known_on, last = lookup.known_on.toordinal(), np.zeros(len(columns.customers), dtype=np.int64)
    counts = netted(columns, known_on).counts
    is_known = (counts["day"] <= lookup.as_of.toordinal()) & (counts["known_on"] <= known_on)
    rows = counts[is_known & np.isin(counts["event_type"], lookup.types)]
    np.maximum.at(last, np.searchsorted(columns.customers, rows["customer"]), rows["day"])
    return last


def everything(batch_engine: BatchEngine, customers: Sequence[int], *, until: date, tables: Tables = STORED) -> Columns:
    """Read all days up to `until`, to score many days from; the last days of something are left at NEVER."""
    ids = sorted(customers)
    customer_ids = np.array(ids, dtype=np.int64)
    never = np.zeros(len(ids), dtype=np.int64)
    return Columns(
        customers=customer_ids,
        counts=_counts(batch_engine, ids, date.min, until, until, tables),
        actives=_actives(batch_engine, ids, date.min, until, until, tables),
        logged=logged.everything(batch_engine, ids, until),
        last_active_day=never,
        last_touch_day=never,
        first_known=logged.first_known(batch_engine, customer_ids, until),
        within_new_days=never.astype(bool),
    )


def facts_of_one(columns: Columns, names: Sequence[str]) -> engine.Facts:
    """Hand the columns of a single customer to the plain engine."""
    return engine.Facts(
        counts=[engine.Count(*row[1:]) for row in columns.counts.tolist()],
        actives=[engine.Active(*row[1:]) for row in columns.actives.tolist()],
        logged=[
            engine.Logged(names[name], known_on, number if is_known else None, mark)
            for _, name, known_on, is_known, number, mark in columns.logged.tolist()
        ],
        last_active_day=day_or_none(columns.last_active_day[0]),
        last_touch_day=day_or_none(columns.last_touch_day[0]),
        first_known=day_or_none(columns.first_known[0]),
        silent=columns.silent,
        within_new_days=bool(columns.within_new_days[0]),
    )


def day_or_none(number: int) -> int | None:
    return None if number == NEVER else int(number)


def activity(batch_engine: BatchEngine) -> list[int]:
    return _types(batch_engine, lambda weight: weight.is_activity)


def touches(batch_engine: BatchEngine) -> list[int]:
    """Return the types that are a touch by staff; none when no factor asks."""
    is_read = any(engine.DEFINITIONS[factor.kind].reads_touches for factor in batch_engine.model.factors)
    return _types(batch_engine, lambda weight: weight.is_touch) if is_read else []


def _types(batch_engine: BatchEngine, is_wanted: Callable[[engine.Weight], bool]) -> list[int]:
    return [weight.event_type for weight in batch_engine.weights if is_wanted(weight)]


def days_before(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


def _counts(
    batch_engine: BatchEngine, ids: list[int], since: date, until: date, known_on: date, tables: Tables
) -> np.ndarray:
    params = [batch_engine.event_types.tolist(), since, until, known_on]
    packed = batches.read(_COUNTS.format(counts=tables.counts), ids, params, _PACKED, packed=FAR)
    counts = np.empty(len(packed), dtype=[(name, np.int64) for name in COUNT_COLUMNS])
    counts["count"], counts["value_sum"] = packed["count"], packed["value_sum"]
    for pair, column in ((("customer", "event_type"), "whose"), (("day", "known_on"), "days")):
        counts[pair[0]], counts[pair[1]] = packed[column] >> FAR_BITS, packed[column] & (FAR - 1)
    return counts


def _actives(
    batch_engine: BatchEngine, ids: list[int], since: date, until: date, known_on: date, tables: Tables
) -> np.ndarray:
    if not batch_engine.contact_days:
        return nothing(ACTIVE_COLUMNS)
    return batches.read(_ACTIVES.format(actives=tables.actives), ids, [since, until, known_on], ACTIVE_COLUMNS)
