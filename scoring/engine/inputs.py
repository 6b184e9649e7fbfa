"""What each factor of health reads: from counts, from the log of inputs, from the last days of something.

All inputs are whole hundredths of their unit, rounded half away from zero. A row of the log is known on a day and holds
from then on, so what is read is the last row up to as_of; it is too old when it was logged more than `max_age` days
before. `scoring.engine.factors` says how each factor reads.
"""

from collections.abc import Iterable

from scoring.engine.customer_day import CustomerDay, last_row
from scoring.engine.factors import DEFINITIONS
from scoring.engine.netting import net_counts
from scoring.engine.reach import reach
from scoring.engine.rounding import hundredths
from scoring.engine.shapes import COUNT_LIMIT, INPUT_LIMIT, VALUE_LIMIT, Engagement, Facts, Logged, Model, Reading

OVERRIDE = "override"


def readings(model: Model, facts: Facts, engagement: Engagement, *, as_of: int, known_on: int) -> dict[str, Reading]:
    """Return what each factor reads, by its key."""
    customer = CustomerDay(model, facts, engagement, as_of, known_on)
    return {
        factor.key: Reading(None, why="silent")
        if factor.key in facts.silent
        else DEFINITIONS[factor.kind].read(customer, factor)
        for factor in model.factors
    }


def override(logged: Iterable[Logged], *, as_of: int, known_on: int) -> int | None:
    """Return the health a colleague set, while it holds: `mark` is its last day."""
    row = last_row(logged, OVERRIDE, min(as_of, known_on))
    if row is None or row.number is None or row.mark < as_of:
        return None
    return max(0, min(hundredths(row.number), 10_000))


def is_flagged(model: Model, facts: Facts, *, as_of: int, known_on: int) -> bool:
    """Tell whether a count or a value within reach, or a number of the log, is beyond what can be counted."""
    days = reach(model)
    known = [row for row in facts.counts if row.known_on <= known_on]
    known = net_counts(known, known_on) if any(row.count <= 0 for row in known) else known
    counts = (row for row in known if 0 <= as_of - row.day < days)
    logged = (row for row in facts.logged if row.known_on <= min(as_of, known_on) and row.number is not None)
    return any(row.count > COUNT_LIMIT or abs(row.value_sum) >= VALUE_LIMIT for row in counts) or any(
        abs(row.number or 0) > INPUT_LIMIT for row in logged
    )
