"""Signed counts added up to what was known on a day: what was withdrawn by then is as if it had never been."""

from dataclasses import replace

import numpy as np

from scoring.vectorised.shapes import NEVER, Columns
from scoring.vectorised.sums import summed


def netted(columns: Columns, known_on: int) -> Columns:
    """Return the columns with one positive count for each day of an event type, and for each active day, as known then.

    Customers of whom nothing was withdrawn keep their rows, as many as they are: they add up by themselves.
    """
    return replace(
        columns,
        counts=_net(columns.counts, ("customer", "event_type", "day"), known_on),
        actives=_net(columns.actives, ("customer", "contact", "day"), known_on),
    )


def _net(rows: np.ndarray, key: tuple[str, str, str], known_on: int) -> np.ndarray:
    is_withdrawn = rows["count"] <= 0
    if not is_withdrawn.any():
        return rows
    is_withdrawn &= rows["known_on"] <= known_on
    concerned = np.isin(rows["customer"], np.unique(rows["customer"][is_withdrawn]))
    return np.concatenate([rows[~concerned], _added_up(rows[concerned & (rows["known_on"] <= known_on)], key)])


def _added_up(rows: np.ndarray, key: tuple[str, str, str]) -> np.ndarray:
    if not len(rows):
        return rows
    # lexsort's last key is the first to sort by.
    rows = rows[np.lexsort(tuple(rows[name] for name in reversed(key)))]
    keys = np.column_stack([rows[name] for name in key])
    first = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1))
    added = rows[first]
    for name in {"count", "value_sum"} & set(rows.dtype.names or ()):
        added[name] = summed(rows[name], first)
    added["known_on"] = NEVER  # all were known by then
    return added[added["count"] > 0]
