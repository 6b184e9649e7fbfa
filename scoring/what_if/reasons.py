"""Why customers change band: what each one's scores are made of before and after, by the arithmetic that explains."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from events.models import EventType
from scoring import engine
from scoring.explain.score_change import NOTHING, ScoreChange, Scored, compare
from scoring.inputs import read
from scoring.vectorised import BatchEngine, Columns
from scoring.what_if.ask import Answer
from scoring.what_if.swap import structure_digest


def explain_changes(answer: Answer, places: np.ndarray) -> dict[int, ScoreChange]:
    """Return customer → what moves its scores, of those at these places of the comparison.

    At most seven queries for each structure among the versions: mostly one, of the draft and what it would retire.
    """
    assert answer.comparison is not None
    judged = answer.comparison.judged.only(places)
    pairs = [*zip(judged.version_before.tolist(), judged.version_after.tolist(), strict=True)]
    versions = {number: answer.swap.version(number) for pair in pairs for number in pair if number}
    types = EventType.objects.in_bulk(
        {weight.event_type for version in (answer.model, *versions.values()) for weight in version.weights}
    )
    day = _Day(answer.day, judged.customers)
    changes = {}
    for pk, (before, after) in zip(judged.customers.tolist(), pairs, strict=True):
        then = day.scored(versions[before], pk) if before else NOTHING
        now = day.scored(versions[after] if after else answer.model, pk)
        changes[pk] = compare(then, now, types, answer.day, 0)
    return changes


class _Day:
    """What a closed day says of some customers, read once for all versions that look at the same."""

    def __init__(self, day: date, customers: np.ndarray) -> None:
        self._day, self._customers = day, customers.tolist()
        self._by_structure: dict[str, Mapping[int, engine.Facts]] = {}
        self._by_version: dict[int, Mapping[int, engine.Facts]] = {}

    def scored(self, version: BatchEngine, customer: int) -> Scored:
        day = self._day.toordinal()
        return engine.score(version.model, self._facts(version)[customer], as_of=day, known_on=day)

    def _facts(self, version: BatchEngine) -> Mapping[int, engine.Facts]:
        number = version.model.version
        if number not in self._by_version:
            # Versions that differ in points alone read the same facts.
            key = structure_digest(version.model)
            if key not in self._by_structure:
                columns = read.current(version, self._customers, as_of=self._day, known_on=self._day)
                self._by_structure[key] = {pk: read.facts_of_one(own, version.names) for pk, own in _each(columns)}
            self._by_version[number] = self._by_structure[key]
        return self._by_version[number]


def _each(columns: Columns) -> Iterator[tuple[int, Columns]]:
    """Yield the columns of each customer alone."""
    for i, pk in enumerate(columns.customers.tolist()):
        rows = {name: getattr(columns, name) for name in ("counts", "actives", "logged")}
        aligned = ("customers", "last_active_day", "last_touch_day", "first_known", "within_new_days")
        yield (
            pk,
            replace(
                columns,
                **{name: array[array["customer"] == pk] for name, array in rows.items()},
                **{name: getattr(columns, name)[i : i + 1] for name in aligned},
            ),
        )
