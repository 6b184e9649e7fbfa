"""What one customer's factors read from: its facts as known at the close of a day."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scoring.engine.engagement import engagement
from scoring.engine.rounding import clamped, hundredths
from scoring.engine.shapes import (
    COUNT_LIMIT,
    PERIOD_VALUE_LIMIT,
    Count,
    Engagement,
    Factor,
    Facts,
    Logged,
    Model,
    Reading,
    Weight,
)

UNKNOWN = Reading(None, why="unknown")


@dataclass(frozen=True, slots=True)
class CustomerDay:
    model: Model
    facts: Facts
    engagement: Engagement
    as_of: int
    known_on: int

    def last_row(self, input_name: str, *, days_before: int = 0) -> Logged | None:
        """Return the last row of an input up to the day, or up to so many days before it."""
        return last_row(self.facts.logged, input_name, min(self.as_of - days_before, self.known_on))

    def number(self, input_name: str, factor: Factor) -> Reading:
        """Read a logged number as it is."""
        row = self.last_row(input_name)
        if row is None or row.number is None:
            return UNKNOWN
        if self.is_old(row, factor):
            return Reading(None, row.known_on, "old")
        return Reading(hundredths(row.number), row.known_on)

    def is_old(self, row: Logged, factor: Factor) -> bool:
        return self.as_of - row.known_on > factor.max_age

    def days_since(self, day: int | None) -> Reading:
        return UNKNOWN if day is None else Reading((self.as_of - day) * 100)

    def engagement_before(self, days: int) -> int:
        """Return the sum of contributions so many days before, with what is known now."""
        # Whether the customer was active then makes no difference to the sum, only to whether it is known.
        before = engagement(
            self.model,
            self.facts.counts,
            self.facts.actives,
            as_of=self.as_of - days,
            known_on=self.known_on,
            last_active_day=None,
        )
        return sum(line.contribution for line in before.lines)

    def counts(self, days: int, is_wanted: Callable[[Weight], bool]) -> list[Count]:
        """Return the counts of the last days whose event types are so marked in the model."""
        types = {weight.event_type for weight in self.model.weights if is_wanted(weight)}
        return [
            row
            for row in self.facts.counts
            if row.event_type in types and row.known_on <= self.known_on and 0 <= self.as_of - row.day < days
        ]

    def purchases(self, days: int) -> list[tuple[int, int]]:
        """Return count and value of purchases in the last days, by day and event type, each clamped."""
        totals: dict[tuple[int, int], list[int]] = {}
        for row in self.counts(days, lambda weight: weight.is_purchase):
            total = totals.setdefault((row.event_type, row.day), [0, 0])
            total[0] += row.count
            total[1] += row.value_sum
        return [(min(count, COUNT_LIMIT), clamped(value, PERIOD_VALUE_LIMIT)) for count, value in totals.values()]

    def active_contacts(self, days: int) -> int:
        rows = [row for row in self.facts.actives if row.known_on <= self.known_on]
        return len({row.contact for row in rows if 0 <= self.as_of - row.day < days})


def last_row(logged: Iterable[Logged], input_name: str, day: int) -> Logged | None:
    """Return the last row of an input known on or before the day."""
    rows: Sequence[Logged] = [row for row in logged if row.name == input_name and row.known_on <= day]
    return max(rows, key=lambda row: row.known_on, default=None)
