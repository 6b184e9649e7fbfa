"""Counts of days, capped and decayed: the part of engagement that does not depend on points."""

from collections.abc import Sequence

import numpy as np

from scoring import engine
from scoring.engine import DECAY_ONE, VALUE_LIMIT
from scoring.vectorised.shapes import Columns, Sums


class Counting:
    """A model's weights as arrays, built once for many days and shards."""

    def __init__(self, model: engine.Model) -> None:
        self.weights = model.weights
        self.caps = integers([w.daily_cap for w in model.weights])
        self.units = integers([w.unit or 0 for w in model.weights])
        self.windows = integers([w.window for w in model.weights])
        self.longest = model.longest_window
        self.decay = np.zeros((len(model.weights), self.longest), dtype=np.int64)
        for i, weight in enumerate(model.weights):
            self.decay[i, : weight.window] = weight.decay
        self.event_types = integers([w.event_type for w in model.weights])  # ascending: `versions.load` sorts
        self.grave = [i for i, w in enumerate(model.weights) if w.is_grave]
        self.contact_windows = sorted({w.window for w in model.weights if w.per_contact})

    def sums(self, columns: Columns, days: np.ndarray, contacts: np.ndarray) -> Sums:
        """Cap and decay each day's quantity, and add up by customer and weight."""
        size, width = len(columns.customers), len(self.weights)
        weight = days["weight"]
        decayed = np.zeros(size * width, dtype=np.int64)
        place = days["customer"] * width + weight  # ascending, as `days` is
        first = np.flatnonzero(np.diff(place, prepend=-1))
        if len(first):
            counted = self._quantities(days) * self.decay[weight, days["age"]]
            decayed[place[first]] = np.add.reduceat(counted, first)
        divisor = np.full((size, width), DECAY_ONE, dtype=np.int64)
        for i, weighed in enumerate(self.weights):
            if weighed.per_contact:
                divisor[:, i] *= np.maximum(1, contacts[:, self.contact_windows.index(weighed.window)])
        return Sums(decayed.reshape(size, width), divisor)

    def _quantities(self, days: np.ndarray) -> np.ndarray:
        """Return what counts of each day, after unit and cap."""
        weight, value = days["weight"], days["value_sum"]
        unit = self.units[weight]
        whole = np.where(unit == 0, days["count"], np.sign(value) * (np.abs(value) // np.maximum(unit, 1)))
        return np.clip(whole, 0, self.caps[weight])

    def has_grave(self, size: int, days: np.ndarray) -> np.ndarray:
        """Tell to which of so many customers a grave sign happened in its window."""
        grave = days[np.isin(days["weight"], self.grave)]
        found = np.zeros(size, dtype=bool)
        found[grave["customer"][self._quantities(grave) > 0]] = True
        return found

    def days(self, columns: Columns, as_of: int, known_on: int) -> np.ndarray:
        """Return one row per (customer, weight, age) in the weight's window, in that order, summed over known_on."""
        counts = columns.counts
        weight, weighed = places(self.event_types, counts["event_type"])
        age = as_of - counts["day"]
        keep = weighed & (counts["known_on"] <= known_on) & (age >= 0)
        if len(self.windows):
            keep &= age < self.windows[weight]
        counts, weight, age = counts[keep], weight[keep], age[keep]
        customer = np.searchsorted(columns.customers, counts["customer"])
        key = (customer * max(1, len(self.weights)) + weight) * (self.longest + 1) + age
        order = np.argsort(key)  # equal ones are added up: in which order is no matter
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        days = np.empty(len(first), dtype=[(n, np.int64) for n in ("customer", "weight", "age", "count", "value_sum")])
        days["customer"], days["weight"], days["age"] = (c[order][first] for c in (customer, weight, age))
        days["count"] = summed(counts["count"][order], first)
        days["value_sum"] = summed(counts["value_sum"][order], first)
        return days

    def contacts(self, columns: Columns, as_of: int, known_on: int) -> np.ndarray:
        """Return the number of active contacts, by customer and by each window that asks for it."""
        counts = [active_contacts(columns, window, as_of, known_on) for window in self.contact_windows]
        return np.column_stack(counts) if counts else np.zeros((len(columns.customers), 0), dtype=np.int64)


def active_contacts(columns: Columns, window: int, as_of: int, known_on: int) -> np.ndarray:
    """Return how many contacts of each customer were active in the window."""
    age = as_of - columns.actives["day"]
    within = columns.actives[(columns.actives["known_on"] <= known_on) & (age >= 0) & (age < window)]
    # A contact active on several days, or known late, is one.
    pairs = np.unique(within[["customer", "contact"]])
    return np.bincount(np.searchsorted(columns.customers, pairs["customer"]), minlength=len(columns.customers))


def integers(values: Sequence[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def places(wanted: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each value stands among the wanted ones (sorted), and which are among them at all."""
    if not len(wanted):
        return np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)
    return place, wanted[place] == values


def summed(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Add up each run of values, clamped to ±VALUE_LIMIT; in Python's integers where int64 might overflow."""
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    longest = int(np.diff(first, append=len(values)).max())
    if int(np.abs(values).max()) > VALUE_LIMIT // longest:
        exact = np.add.reduceat(values.astype(object), first)
        return np.array([max(-VALUE_LIMIT, min(VALUE_LIMIT, value)) for value in exact], dtype=np.int64)
    return np.add.reduceat(values, first)
