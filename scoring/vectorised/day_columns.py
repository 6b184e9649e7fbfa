"""What the factors of many customers read from: their columns as known at the close of a day."""

from collections.abc import Callable

import numpy as np

from scoring import engine
from scoring.engine import COUNT_LIMIT, INPUT_LIMIT, PERIOD_VALUE_LIMIT, VALUE_LIMIT, Factor
from scoring.engine.inputs import OVERRIDE
from scoring.vectorised.shapes import NEVER, Columns, Known
from scoring.vectorised.sums import active_contacts, places, summed


class DayColumns:
    """The counterpart of `engine.customer_day.CustomerDay`; every answer is aligned with the customers."""

    def __init__(
        self, model: engine.Model, names: tuple[str, ...], columns: Columns, as_of: int, known_on: int
    ) -> None:
        self.model, self.names, self.columns = model, names, columns
        self.as_of, self.known_on = as_of, known_on
        self.size = len(columns.customers)
        # Sorted once for all factors.
        self._log = _Log(columns, len(names))

    def last_row(self, input_name: str, *, days_before: int = 0) -> np.ndarray:
        """Return the last row of an input up to the day, or up to so many days before it; zeros where none is."""
        return self._log.last(self.names.index(input_name), min(self.as_of - days_before, self.known_on))

    def number(self, input_name: str, factor: Factor) -> Known:
        """Read a logged number as it is."""
        row = self.last_row(input_name)
        return Known(hundredths(row["number"]), self.has_number(row, factor))

    def has_number(self, row: np.ndarray, factor: Factor) -> np.ndarray:
        """Tell where there is a row with a number that is not too old."""
        known: np.ndarray = self.is_fresh(row, factor) & (row["is_known"] == 1)
        return known

    def is_fresh(self, row: np.ndarray, factor: Factor) -> np.ndarray:
        """Tell where there is a row that is not too old, with a number or without."""
        fresh: np.ndarray = (row["known_on"] != NEVER) & (self.as_of - row["known_on"] <= factor.max_age)
        return fresh

    def days_since(self, day: np.ndarray) -> Known:
        return Known((self.as_of - day) * 100, day != NEVER)

    def counts(self, days: int, is_wanted: Callable[[engine.Weight], bool]) -> np.ndarray:
        """Return the counts of the last days whose event types are so marked in the model."""
        counts = self.columns.counts
        types = np.array([weight.event_type for weight in self.model.weights if is_wanted(weight)], dtype=np.int64)
        _, is_of_types = places(types, counts["event_type"])
        age = self.as_of - counts["day"]
        return counts[is_of_types & (counts["known_on"] <= self.known_on) & (age >= 0) & (age < days)]

    def purchases(self, days: int) -> tuple[np.ndarray, np.ndarray]:
        """Return count and value of purchases in the last days; each day and event type is clamped."""
        rows = self.counts(days, lambda weight: weight.is_purchase)
        totals = np.zeros((2, self.size), dtype=np.int64)
        if len(rows):
            # lexsort's last key is the first to sort by.
            rows = rows[np.lexsort((rows["day"], rows["event_type"], rows["customer"]))]
            keys = np.column_stack([rows[name] for name in ("customer", "event_type", "day")])
            first = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1))
            who = np.searchsorted(self.columns.customers, rows["customer"][first])
            np.add.at(totals[0], who, np.minimum(summed(rows["count"], first), COUNT_LIMIT))
            value = summed(rows["value_sum"], first)
            np.add.at(totals[1], who, np.clip(value, -PERIOD_VALUE_LIMIT, PERIOD_VALUE_LIMIT))
        return totals[0], totals[1]

    def per_customer(self, customers: np.ndarray) -> np.ndarray:
        """Count how often each customer stands in the array."""
        return np.bincount(np.searchsorted(self.columns.customers, customers), minlength=self.size)

    def active_contacts(self, days: int) -> np.ndarray:
        return active_contacts(self.columns, days, self.as_of, self.known_on)

    def unknown(self) -> Known:
        return Known(np.zeros(self.size, dtype=np.int64), np.zeros(self.size, dtype=bool))

    def override(self) -> Known:
        """Return the health that colleagues set, where it holds on the day."""
        row = self.last_row(OVERRIDE)
        value = np.clip(hundredths(row["number"]), 0, 10_000)
        return Known(value, (row["is_known"] == 1) & (row["mark"] >= self.as_of))

    def flagged(self) -> np.ndarray:
        """Tell where a count, a value or a logged number is beyond what can be counted (`engine.is_flagged`)."""
        counts, logged = self.columns.counts, self.columns.logged
        age = self.as_of - counts["day"]
        within = (counts["known_on"] <= self.known_on) & (age >= 0) & (age < engine.reach(self.model))
        absurd = (counts["count"] > COUNT_LIMIT) | (np.abs(counts["value_sum"]) >= VALUE_LIMIT)
        known = (logged["known_on"] <= min(self.as_of, self.known_on)) & (logged["is_known"] == 1)
        # Compared on both sides: the absolute value of the smallest int64 overflows.
        beyond = (logged["number"] > INPUT_LIMIT) | (logged["number"] < -INPUT_LIMIT)
        flagged = np.zeros(self.size, dtype=bool)
        for rows in (counts[within & absurd], logged[known & beyond]):
            flagged[np.searchsorted(self.columns.customers, rows["customer"])] = True
        return flagged


class _Log:
    """The log of inputs, in order, so that the last row before any day is found by bisection."""

    _FAR = 1 << 23  # beyond every ordinal

    def __init__(self, columns: Columns, names: int) -> None:
        who = np.searchsorted(columns.customers, columns.logged["customer"])
        key = (who * names + columns.logged["name"]) * self._FAR + columns.logged["known_on"]
        order = np.argsort(key, kind="stable")
        self._key, self._rows = key[order], columns.logged[order]
        self._who, self._names = np.arange(len(columns.customers)), names

    def last(self, name: int, day: int) -> np.ndarray:
        """Return each customer's last row of a name up to a day; all zero where there is none."""
        last = np.zeros(len(self._who), dtype=self._rows.dtype)
        if len(self._rows):
            least = (self._who * self._names + name) * self._FAR
            place = np.searchsorted(self._key, least + day, side="right") - 1
            there = (place >= 0) & (self._key[place] >= least)
            last[there] = self._rows[place[there]]
        return last


def hundredths(thousandths: np.ndarray) -> np.ndarray:
    return rounded(np.clip(thousandths, -INPUT_LIMIT, INPUT_LIMIT), 10)


def rounded(part: np.ndarray, whole: np.ndarray | int) -> np.ndarray:
    """Divide by positive numbers, rounding half away from zero."""
    rounded: np.ndarray = np.sign(part) * ((np.abs(part) + whole // 2) // whole)
    return rounded
