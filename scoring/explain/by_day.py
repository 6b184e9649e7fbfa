"""One event type's contribution day by day: points × quantity × decay, down to the days whose events it is made of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring import engine


@dataclass(frozen=True, slots=True)
class Day:
    """`decay` in millionths, `points` what the day adds in points, unrounded: the sum is rounded once."""

    day: date
    count: int
    value: Decimal | None  # where values are counted, in their own units
    quantity: int
    decay: int
    points: Decimal


def contribution_days(model: engine.Model, facts: engine.Facts, *, as_of: date, known_on: date) -> dict[int, list[Day]]:
    """Return for each event type its days in the window that have events, the latest first."""
    days = {}
    for line in engine.engagement(
        model, facts.counts, facts.actives, as_of=as_of.toordinal(), known_on=known_on.toordinal(), last_active_day=None
    ).lines:
        days[line.weight.event_type] = list(_days(line, facts, as_of, known_on))
    return days


def _days(line: engine.Line, facts: engine.Facts, as_of: date, known_on: date) -> list[Day]:
    weight, sums = line.weight, defaultdict[int, list[int]](lambda: [0, 0])
    for row in facts.counts:
        age = as_of.toordinal() - row.day
        if row.event_type == weight.event_type and row.known_on <= known_on.toordinal() and 0 <= age < weight.window:
            sums[age][0] += row.count
            sums[age][1] += row.value_sum
    # A day whose events were all withdrawn adds up to nothing.
    return [_day(line, as_of, age, *sums[age]) for age in sorted(sums) if sums[age][0] > 0]


def _day(line: engine.Line, as_of: date, age: int, count: int, value_sum: int) -> Day:
    weight = line.weight
    quantity = engine.quantity(count, value_sum, weight)
    return Day(
        day=date.fromordinal(as_of.toordinal() - age),
        count=count,
        value=None if weight.unit is None else Decimal(value_sum) / 1000,
        quantity=quantity,
        decay=weight.decay[age],
        points=Decimal(weight.points * quantity * weight.decay[age]) / (100 * engine.DECAY_ONE * line.contacts),
    )
