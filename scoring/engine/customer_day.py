"""What one customer's factors read from: its facts as known at the close of a day."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scoring.engine.engagement import engagement
from scoring.engine.netting import active_days, net_counts
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
        """Return the counts of the last days whose event types are so marked in the model, one for type and day."""
        types = {weight.event_type for weight in self.model.weights if is_wanted(weight)}
        rows = [row for row in self.facts.counts if row.event_type in types and 0 <= self.as_of - row.day < days]
        return net_counts(rows, self.known_on)

    def purchases(self, days: int) -> list[tuple[int, int]]:
        """Return count and value of purchases in the last days, by day and event type, each clamped."""
        rows = self.counts(days, lambda weight: weight.is_purchase)
        return [(min(row.count, COUNT_LIMIT), clamped(row.value_sum, PERIOD_VALUE_LIMIT)) for row in rows]

    def active_contacts(self, days: int) -> int:
        rows = [row for row in self.facts.actives if 0 <= self.as_of - row.day < days]
        return len({contact for contact, _ in active_days(rows, self.known_on)})


def last_row(logged: Iterable[Logged], input_name: str, day: int) -> Logged | None:
    """Return the last row of an input known on or before the day."""
    rows: Sequence[Logged] = [row for row in logged if row.name == input_name and row.known_on <= day]
    return max(rows, key=lambda row: row.known_on, default=None)
