"""The decayed sums of event types for several half-lives at once: what points are multiplied by. Pure NumPy.

The same quantities as the engine's (units, daily caps, division by active contacts), in floating point: to fit weights
and to compare half-lives. Scores that are shown come from `scoring.vectorised`.
"""

from collections.abc import Sequence

import numpy as np

from scoring.backtest.statistics import Floats
from scoring.engine import VALUE_LIMIT, Weight
from scoring.vectorised import Columns, netted

NO_HALF_LIFE = 0


def decays(weights: Sequence[Weight], own: frozenset[int], half_lives: Sequence[int]) -> Floats:
    """Return decay by half-life, weight and age; zero beyond a weight's window.

    Event types in `own` have a half-life of their own and keep it.
    """
    longest = max(weight.window for weight in weights)
    table = np.zeros((len(half_lives), len(weights), longest))
    for i, half_life in enumerate(half_lives):
        for j, weight in enumerate(weights):
            age = np.arange(weight.window)
            if weight.event_type in own:
                table[i, j, : weight.window] = np.array(weight.decay) / 1e6
            else:
                table[i, j, : weight.window] = 1.0 if half_life == NO_HALF_LIFE else 2.0 ** (-age / half_life)
    return table


def decayed(columns: Columns, weights: Sequence[Weight], decay: Floats, day: int) -> Floats:
    """Return (half-lives, customers, weights) sums at the close of the day (an ordinal), as known then."""
    size, width = len(columns.customers), len(weights)
    columns = netted(columns, day)
    customer, weight, age, amount = _quantities(columns, weights, day)
    place = customer * width + weight
    sums = [np.bincount(place, amount * table[weight, age], size * width).reshape(size, width) for table in decay]
    return np.array(sums) / _contacts(columns, weights, day)


def _quantities(columns: Columns, weights: Sequence[Weight], day: int) -> tuple[np.ndarray, ...]:
    """Return one row per (customer, weight, age) within the weight's window: units taken, then capped."""
    types = np.array([weight.event_type for weight in weights])
    order = np.argsort(types)
    rows = columns.counts
    at = np.minimum(np.searchsorted(types[order], rows["event_type"]), len(types) - 1)
    weight, age = order[at], day - rows["day"]
    windows = np.array([weighed.window for weighed in weights])
    keep = (types[weight] == rows["event_type"]) & (rows["known_on"] <= day) & (age >= 0) & (age < windows[weight])
    rows, weight, age = rows[keep], weight[keep], age[keep]
    customer = np.searchsorted(columns.customers, rows["customer"])
    span = int(windows.max())
    key, place = np.unique((customer * len(types) + weight) * span + age, return_inverse=True)
    count = np.bincount(place, rows["count"], len(key))
    value = np.clip(np.bincount(place, rows["value_sum"], len(key)), -VALUE_LIMIT, VALUE_LIMIT)
    pair, age = np.divmod(key, span)
    customer, weight = np.divmod(pair, len(types))
    unit = np.array([weighed.unit or 0 for weighed in weights])[weight]
    whole = np.where(unit == 0, count, np.trunc(value / np.maximum(unit, 1)))
    caps = np.array([weighed.daily_cap for weighed in weights])[weight]
    return customer, weight, age, np.clip(whole, 0, caps)


def _contacts(columns: Columns, weights: Sequence[Weight], day: int) -> Floats:
    contacts = np.ones((len(columns.customers), len(weights)))
    for window in {weight.window for weight in weights if weight.per_contact}:
        age = day - columns.actives["day"]
        within = columns.actives[(columns.actives["known_on"] <= day) & (age >= 0) & (age < window)]
        pairs = np.unique(within[["customer", "contact"]])
        number = np.bincount(np.searchsorted(columns.customers, pairs["customer"]), minlength=len(contacts))
        for i, weight in enumerate(weights):
            if weight.per_contact and weight.window == window:
                contacts[:, i] = np.maximum(1, number)
    return contacts
