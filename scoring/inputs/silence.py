"""Sources that sent nothing for any customer: the factors they feed are stale, not zero."""

from datetime import date

import numpy as np

from core.db import column_query as db
from scoring import engine
from scoring.inputs.logged import ORDINAL

_SOURCE_DAYS = f"""
    SELECT source_id, {ORDINAL.format("day")}, {ORDINAL.format("min(known_on)")}
    FROM events_sourceday WHERE source_id = ANY(%s::bigint[]) AND day <= %s AND known_on <= %s
    GROUP BY source_id, day
"""  # noqa: S608


class Silence:
    """On which days the source of a factor was silent, as it was known then."""

    def __init__(self, model: engine.Model, *, until: date, known_on: date) -> None:
        """Read the days of the factors' sources. One query, none when no factor names a source."""
        self._fed = [factor for factor in model.factors if factor.source is not None]
        self._days = np.empty(0, dtype=[(name, np.int64) for name in ("source", "day", "known_on")])
        if self._fed:
            sources = sorted({factor.source for factor in self._fed if factor.source is not None})
            self._days = db.read(_SOURCE_DAYS, [sources, until, known_on], ["source", "day", "known_on"])

    def on(self, as_of: int, known_on: int) -> frozenset[str]:
        """Return the keys of the factors whose source had sent nothing for `silent_after` days."""
        known = self._days[(self._days["day"] <= as_of) & (self._days["known_on"] <= known_on)]
        return frozenset(factor.key for factor in self._fed if self._is_silent(factor, known, as_of))

    def _is_silent(self, factor: engine.Factor, known: np.ndarray, as_of: int) -> bool:
        days = known["day"][known["source"] == factor.source]
        return not len(days) or as_of - int(days.max()) >= factor.silent_after
