"""Who is too young to be judged: fewer days old than the model says for its stage, as known on each of some days.

Age counts from the first event, unless that came when the customer was past its days already, else from the day it was
added; after coming back from churn from the day of that.
"""

from collections.abc import Collection
from datetime import date
from typing import Protocol

import numpy as np

from customers.models import Stage
from scoring.inputs import batches
from scoring.inputs.logged import ORDINAL

_STAGE = ["customer", "known_on", "code"]
_OTHER, _TRIAL, _ACTIVE, _CHURNED = range(4)
_CODES = {Stage.TRIAL: _TRIAL, Stage.ACTIVE: _ACTIVE, Stage.CHURNED: _CHURNED}
_STAGES = f"""
    WITH stages AS (
        SELECT customer_id, {ORDINAL.format("known_on")} AS known_on, text
        FROM customers_inputlog WHERE {{who}} AND name = 'stage' AND known_on <= %s
    ) SELECT customer_id, known_on, COALESCE(array_position(%s::text[], text), 0)::bigint
    FROM stages ORDER BY customer_id, known_on
"""  # noqa: S608
_EVENTS = f"""
    SELECT customer_id, {ORDINAL.format("day")}, {ORDINAL.format("known_on")}, sum(count)::bigint
    FROM {{counts}} WHERE {{{{who}}}} AND day <= %s AND known_on <= %s GROUP BY 1, 2, 3
"""  # noqa: S608


class NewDays(Protocol):
    """A version of the scoring model, as stored or as the engine takes it."""

    @property
    def new_days_trial(self) -> int: ...

    @property
    def new_days_active(self) -> int: ...


def begun(model: NewDays, customers: Collection[int], today: date) -> dict[int, tuple[date, int]]:
    """Return customer → the day from which its age counts, and its new days. At most two queries."""
    who = np.array(sorted(customers), dtype=np.int64)
    newness = Newness(model, who, first=today, until=today, known_on=today)
    start, limit = newness.starts(today.toordinal(), today.toordinal())
    rows = zip(who.tolist(), start.tolist(), limit.tolist(), strict=True)
    return {customer: (date.fromordinal(day), days) for customer, day, days in rows if day}


class Newness:
    """Reads once what any day up to `until` needs. One query, two where somebody is young; none without such days."""

    def __init__(
        self,
        model: "NewDays",
        customers: np.ndarray,
        *,
        first: date,
        until: date,
        known_on: date,
        counts: str = "events_dailycount",
    ) -> None:
        """`first` and `until`: the days to be asked for lie between them, and are asked for as known by `known_on`."""
        self._limits = np.array([0, model.new_days_trial, model.new_days_active, 0])
        self._customers, self._size = customers, len(customers)
        if not self._limits.any() or not self._size:
            self._size = 0
            return
        # The names' own order, so that their place in it is their code.
        names = [stage.value for stage in _CODES]
        self._stages = batches.read(_STAGES, customers.tolist(), [min(until, known_on), names], _STAGE)
        self._who = np.searchsorted(customers, self._stages["customer"])
        same = np.diff(self._who, prepend=-1) == 0
        before = np.concatenate([[_OTHER], self._stages["code"][:-1]]) if len(same) else self._stages["code"]
        followed = np.isin(self._stages["code"], (_TRIAL, _ACTIVE))
        self._is_return = same & followed & (before == _CHURNED)
        self._events = self._read_events(first, until, known_on, counts)

    def _read_events(self, first: date, until: date, known_on: date, counts: str) -> np.ndarray:
        """Read the days with events of those who may be young on some day, in order of customer and day."""
        names = ["customer", "day", "known_on", "count"]
        added = np.zeros(self._size, dtype=np.int64)
        added[self._who[::-1]] = self._stages["known_on"][::-1]  # the first row of each is written last
        young = added > first.toordinal() - 2 * int(self._limits.max())
        if not young.any():
            return np.empty(0, dtype=[(name, np.int64) for name in names])
        some = self._customers[young].tolist()
        rows = batches.read(_EVENTS.format(counts=counts), some, [until, known_on], names)
        return rows[np.lexsort((rows["day"], rows["customer"]))]

    def on(self, as_of: int, known_on: int) -> np.ndarray:
        """Tell who is within its new days at the close of a day, as known at the close of another."""
        start, limit = self.starts(as_of, known_on)
        young: np.ndarray = (start > 0) & (as_of - start < limit)
        return young

    def starts(self, as_of: int, known_on: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the day from which the age of each counts (0: none), and its new days, as `on` judges by them."""
        if not self._size:
            nothing = np.zeros(len(self._customers), dtype=np.int64)
            return nothing, nothing
        known = np.flatnonzero(self._stages["known_on"] <= min(as_of, known_on))
        day = self._stages["known_on"]
        added, returned, stage = (np.zeros(self._size, dtype=np.int64) for _ in range(3))
        # In order of the days: the last assignment of a customer stands.
        added[self._who[known[::-1]]] = day[known[::-1]]
        stage[self._who[known]] = self._stages["code"][known]
        back = known[self._is_return[known]]
        returned[self._who[back]] = day[back]
        limit = self._limits[stage]
        first_event = self._first_events(as_of, known_on)
        from_event = (first_event > 0) & (first_event < added + limit)
        return np.where(returned > 0, returned, np.where(from_event, first_event, added)), limit

    def _first_events(self, as_of: int, known_on: int) -> np.ndarray:
        """Return the first day with an event of each customer, up to a day, as known then; 0 where none is."""
        first = np.zeros(self._size, dtype=np.int64)
        rows = self._events[(self._events["day"] <= as_of) & (self._events["known_on"] <= known_on)]
        if len(rows):
            changes = [np.diff(rows[name], prepend=-1) != 0 for name in ("customer", "day")]
            begins = np.flatnonzero(changes[0] | changes[1])
            days = rows[begins][np.add.reduceat(rows["count"], begins) > 0]
            first[np.searchsorted(self._customers, days["customer"][::-1])] = days["day"][::-1]
        return first
