"""Scores of past days as known then, many days from one reading. Used to back-fill, to verify, to look back."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from scoring.inputs import read, stages
from scoring.inputs.newness import Newness
from scoring.inputs.read import STORED, Tables
from scoring.inputs.silence import Silence
from scoring.vectorised import NEVER, BatchEngine, Columns, Facts, Scores, netted


def score(batch_engine: BatchEngine, columns: Columns, day: date) -> Scores:
    """Score one day as known at its close."""
    return batch_engine.judge(facts(batch_engine, columns, day))


def facts(batch_engine: BatchEngine, columns: Columns, day: date, *, digests: bool = True) -> Facts:
    """Gather one day's facts as known at its close."""
    number = day.toordinal()
    return batch_engine.facts(columns, as_of=number, known_on=number, digests=digests)


def over_days(
    batch_engine: BatchEngine,
    customers: Sequence[int],
    first: date,
    last: date,
    tables: Tables = STORED,
    *,
    only: Container[date] | None = None,
) -> Iterator[tuple[date, Scores]]:
    """Yield each day's scores of the customers who were followed then, or those of some days only.

    Four to nine queries in all.
    """
    columns = read.everything(batch_engine, customers, until=last, tables=tables)
    # By day, so that each day's window is a slice, found by bisection.
    counts = columns.counts[np.argsort(columns.counts["day"], kind="stable")]
    followed = _Followed(columns.customers, last)
    active = _LastDay(columns, counts, read.activity(batch_engine))
    touched = _LastDay(columns, counts, read.touches(batch_engine))
    # Read once up to the last day; each day below looks only at what was known by it.
    silence = Silence(batch_engine.model, until=last, known_on=last)
    newness = Newness(
        batch_engine.model, columns.customers, first=first, until=last, known_on=last, counts=tables.counts
    )
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if only is not None and day not in only:
            continue
        since = np.searchsorted(counts["day"], number - batch_engine.reach, side="right")
        until = np.searchsorted(counts["day"], number, side="right")
        today = replace(
            columns,
            counts=counts[since:until],
            last_active_day=active.on(number),
            last_touch_day=touched.on(number),
            first_known=np.where(columns.first_known > number, NEVER, columns.first_known),
            silent=silence.on(number, number),
            within_new_days=newness.on(number, number),
        )
        yield day, score(batch_engine, today, day).only(followed.on(number))


class _LastDay:
    """The last day of each customer with events of some types, as known on ascending days."""

    def __init__(self, columns: Columns, counts: np.ndarray, types: list[int]) -> None:
        customers = columns.customers
        rows = counts[np.isin(counts["event_type"], types)]
        # Of whom something was withdrawn, the last day may be an earlier one than before: added up each day.
        concerned = np.unique(rows["customer"][rows["count"] <= 0])
        is_concerned = np.isin(rows["customer"], concerned)
        self._columns, self._rows = columns, rows[is_concerned]
        rows = rows[~is_concerned]
        # An event counts from the later of the two: before it happened, or before it was known, it does not.
        seen = np.maximum(rows["day"], rows["known_on"])
        order = np.argsort(seen, kind="stable")
        self._seen, self._day = seen[order], rows["day"][order]
        self._customer = np.searchsorted(customers, rows["customer"])[order]
        self._last = np.full(len(customers), NEVER, dtype=np.int64)
        self._next = 0

    def on(self, number: int) -> np.ndarray:
        end = int(np.searchsorted(self._seen, number, side="right"))
        new = slice(self._next, end)
        np.maximum.at(self._last, self._customer[new], self._day[new])
        self._next = end
        last = self._last.copy()
        if len(self._rows):
            known = netted(replace(self._columns, counts=self._rows[self._rows["day"] <= number]), number).counts
            known = known[known["known_on"] <= number]
            np.maximum.at(last, np.searchsorted(self._columns.customers, known["customer"]), known["day"])
        return last


class _Followed:
    """Who was on trial or active, as known on ascending days."""

    def __init__(self, customers: np.ndarray, last: date) -> None:
        self._rows = stages.all_logged(customers.tolist(), last)
        self._customer = np.searchsorted(customers, self._rows["customer"])
        self._state = np.zeros(len(customers), dtype=bool)
        self._next = 0

    def on(self, number: int) -> np.ndarray:
        end = int(np.searchsorted(self._rows["known_on"], number, side="right"))
        new = slice(self._next, end)
        # In order of known_on, so that of several rows of a customer the last one stands.
        self._state[self._customer[new]] = self._rows["followed"][new] == 1
        self._next = end
        return self._state.copy()
