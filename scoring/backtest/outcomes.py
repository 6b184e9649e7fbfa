"""Outcomes of customers after a day: who was followed then, and who had the outcome, as known later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from core.db import column_query as db
from customers.models import Stage
from scoring.backtest.statistics import Bools, Ints

# Days as ordinals, because columns are read as bigints (core.db.column_query).
_ORDINAL = "({} - DATE '0001-01-01' + 1)::bigint"
_STAGES = f"""
    SELECT customer_id, {_ORDINAL.format("known_on")}, COALESCE(array_position(%s::text[], text::text), 0)::bigint
    FROM customers_inputlog WHERE customer_id = ANY(%s::bigint[]) AND name = 'stage' AND known_on <= %s
    ORDER BY customer_id, known_on
"""  # noqa: S608
_REVENUE = """
    SELECT DISTINCT ON (customer_id) customer_id, number, hashtext(COALESCE(text, ''))::bigint
    FROM customers_inputlog WHERE customer_id = ANY(%s::bigint[]) AND name = 'mrr' AND known_on <= %s
    ORDER BY customer_id, known_on DESC
"""
_KNOWN_REVENUE = f"SELECT * FROM ({_REVENUE}) AS last WHERE number IS NOT NULL"  # noqa: S608
_ACTIVE = """
    SELECT DISTINCT customer_id FROM events_countnow
    WHERE customer_id = ANY(%s::bigint[]) AND event_type_id = ANY(%s::bigint[]) AND day > %s AND day <= %s
"""

_STAGE = [str(stage) for stage in Stage]  # a stage's number is its place here, from 1


class Kind(StrEnum):
    CHURNED = "churned"
    QUIET = "quiet"
    REVENUE_FELL = "revenue"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`quiet_days`: how long without activity, at the end of the horizon. `least_fall`: of revenue, in per cent."""

    kind: Kind
    horizon: int
    quiet_days: int = 0
    least_fall: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One element per customer. `followed` on the day, as known then; `lost`: archived before it could come."""

    followed: Bools
    happened: Bools
    lost: Bools


def seen(customers: Ints, outcome: Outcome, day: date, activities: Sequence[int], *, least_days: int = 0) -> Seen:
    """Look at customers (sorted ids) from a day on whose horizon is over. Two or three queries.

    `least_days`: who has been followed for fewer days does not count as followed. `activities`: event types that are.
    """
    until = day + timedelta(days=outcome.horizon)
    log = db.read(_STAGES, [_STAGE, customers.tolist(), until], ["customer", "known_on", "stage"])
    life = lives(customers, log, day.toordinal())
    followed = life.followed & (day.toordinal() - life.since + 1 > least_days)
    if outcome.kind == Kind.CHURNED:
        happened = life.churned
    elif outcome.kind == Kind.QUIET:
        happened = _quiet(customers, until - timedelta(days=outcome.quiet_days), until, activities)
    else:
        fell, known = _revenue_fell(customers, day, until, outcome.least_fall)
        # Who churned pays nothing any more, though no lower revenue is logged.
        followed, happened = followed & known, fell | life.churned
    return Seen(followed, happened & followed, life.gone & ~happened & followed)


@dataclass(frozen=True, slots=True)
class Lives:
    """`since`: the day the customer began to be followed without a break, up to the day. Ordinals."""

    followed: Bools
    since: Ints
    churned: Bools  # after the day
    gone: Bools  # after the day, to another stage that nobody follows, without churn


def lives(customers: Ints, log: np.ndarray, day: int) -> Lives:
    """Read stages (customer, known_on, stage; in that order) as of a day, and what came after it. Pure."""
    stages = {_STAGE.index(stage) + 1 for stage in Stage.followed()}
    is_followed = np.isin(log["stage"], list(stages))
    at = np.searchsorted(customers, log["customer"])
    before = log["known_on"] <= day
    size = len(customers)
    followed = np.zeros(size, dtype=bool)
    followed[at[before]] = is_followed[before]  # in order: of several the last one stands
    since = np.full(size, day + 1)
    starts = np.concatenate([[True], (at[1:] != at[:-1]) | ~is_followed[:-1]]) if len(log) else np.zeros(0, bool)
    began = before & is_followed & starts
    since[at[began]] = log["known_on"][began]
    churned, gone = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    churned[at[~before & (log["stage"] == _STAGE.index(Stage.CHURNED) + 1)]] = True
    gone[at[~before & ~is_followed]] = True
    return Lives(followed, since, churned, gone & ~churned)


def _quiet(customers: Ints, after: date, until: date, activities: Sequence[int]) -> Bools:
    active = db.read(_ACTIVE, [customers.tolist(), list(activities), after, until], ["customer"])
    return ~np.isin(customers, active["customer"])


def _revenue_fell(customers: Ints, day: date, until: date, least_fall: int) -> tuple[Bools, Bools]:
    """Return whose revenue is lower by `least_fall` per cent or more, in its own currency, and whose was known then."""
    names = ["customer", "amount", "currency"]
    before, after = (db.read(_KNOWN_REVENUE, [customers.tolist(), at], names) for at in (day, until))
    return fell(customers, before, after, least_fall)


def fell(customers: Ints, before: np.ndarray, after: np.ndarray, least_fall: int) -> tuple[Bools, Bools]:
    """Compare revenue (customer, amount, currency) of two days. Pure. No revenue, or none any more, is not known."""
    size = len(customers)
    was, now, same = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.zeros((2, size), dtype=np.int64)
    at, later = np.searchsorted(customers, before["customer"]), np.searchsorted(customers, after["customer"])
    was[at], same[0, at] = before["amount"], before["currency"]
    now[later], same[1, later] = after["amount"], after["currency"]
    is_known_later = np.zeros(size, dtype=bool)
    is_known_later[later] = True
    # In one currency only: a rate's change is no fall.
    known = (was > 0) & is_known_later & (same[0] == same[1])
    return known & (now < was) & ((was - now) * 100 >= least_fall * was), known
