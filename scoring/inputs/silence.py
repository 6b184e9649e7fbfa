"""What is sent for nobody: the factors that it feeds are unknown, not zero.

A factor's source has sent nothing for any customer for so many days, or nobody ever sent an event of the types that it
counts.
"""

from datetime import date

import numpy as np

from core.db import column_query as db
from scoring import engine
from scoring.inputs.logged import ORDINAL

_SOURCE_COLUMNS = ["source", "day", "known_on"]
_SOURCE_DAYS = f"""
    SELECT source_id, {ORDINAL.format("day")}, {ORDINAL.format("min(known_on)")}
    FROM events_sourceday WHERE source_id = ANY(%s::bigint[]) AND day <= %s AND known_on <= %s
    GROUP BY source_id, day
"""  # noqa: S608
_TYPE_COLUMNS = ["event_type", "by_contact", "day", "known_on", "received_on", "first_live"]
_TYPE_DAYS = f"""
    SELECT event_type_id, by_contact::int::bigint, {ORDINAL.format("min(day)")}, {ORDINAL.format("known_on")},
           {ORDINAL.format("received_on")},
           (SELECT {ORDINAL.format("COALESCE(min(known_on), DATE '9999-12-31')")} FROM events_typeday
            WHERE received_on = known_on)
    FROM events_typeday
    WHERE (event_type_id = ANY(%s::bigint[]) OR (by_contact AND %s)) AND day <= %s AND known_on <= %s
    GROUP BY event_type_id, by_contact, known_on, received_on
"""  # noqa: S608


class Silence:
    """For which factors nothing was sent, as it was known on each of some days."""

    def __init__(self, model: engine.Model, *, until: date, known_on: date) -> None:
        """Read what any day up to `until` needs. Two queries at most, none for what no factor asks."""
        self._model, self._until, self._known_on = model, until, known_on
        self._fed = [factor for factor in model.factors if factor.source is not None]
        self._counting = [factor for factor in model.factors if _counts_events(factor)] * model.unsent_is_unknown
        self._source_days = self._read_source_days()
        self._type_days = self._read_type_days()

    def on(self, as_of: int, known_on: int) -> frozenset[str]:
        """Return the keys of the factors for which nothing was sent.

        Their source sent nothing for `silent_after` days, or what they count was never sent.
        """
        sources, types = self._source_days, self._type_days
        sources = sources[(sources["day"] <= as_of) & (sources["known_on"] <= known_on)]
        types = types[(types["day"] <= as_of) & (types["known_on"] <= known_on)]
        # Declared history changes what was known on no live day, only on those before the first of them.
        types = types[(types["received_on"] <= known_on) | (known_on < types["first_live"])]
        return frozenset(
            [factor.key for factor in self._fed if _is_silent(factor, sources, as_of)]
            + [factor.key for factor in self._counting if self._was_never_sent(factor, types)]
        )

    def _was_never_sent(self, factor: engine.Factor, types: np.ndarray) -> bool:
        if engine.DEFINITIONS[factor.kind].counts_contacts:
            return not types["by_contact"].any()
        return not np.isin(types["event_type"], self._types_of(factor)).any()

    def _types_of(self, factor: engine.Factor) -> list[int]:
        counts = engine.DEFINITIONS[factor.kind].counts
        return [] if counts is None else [weight.event_type for weight in self._model.weights if counts(weight)]

    def _read_source_days(self) -> np.ndarray:
        if not self._fed:
            return _nothing(_SOURCE_COLUMNS)
        sources = sorted({factor.source for factor in self._fed if factor.source is not None})
        return db.read(_SOURCE_DAYS, [sources, self._until, self._known_on], _SOURCE_COLUMNS)

    def _read_type_days(self) -> np.ndarray:
        if not self._counting:
            return _nothing(_TYPE_COLUMNS)
        types = sorted({number for factor in self._counting for number in self._types_of(factor)})
        by_anybody = any(engine.DEFINITIONS[factor.kind].counts_contacts for factor in self._counting)
        return db.read(_TYPE_DAYS, [types, by_anybody, self._until, self._known_on], _TYPE_COLUMNS)


def _counts_events(factor: engine.Factor) -> bool:
    definition = engine.DEFINITIONS[factor.kind]
    return definition.counts is not None or definition.counts_contacts


def _is_silent(factor: engine.Factor, days: np.ndarray, as_of: int) -> bool:
    own = days["day"][days["source"] == factor.source]
    return not len(own) or as_of - int(own.max()) >= factor.silent_after


def _nothing(names: list[str]) -> np.ndarray:
    return np.empty(0, dtype=[(name, np.int64) for name in names])
