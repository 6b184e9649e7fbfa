"""How monthly revenue changed in a period, in per cent."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.rounding import clamped, rounded
from scoring.engine.shapes import INPUT_LIMIT, Factor, Reading

INPUT = "mrr"


def read(customer: CustomerDay, factor: Factor) -> Reading:
    """Unknown across a change of currency (the row's mark), and from nothing."""
    reading, row = customer.number(INPUT, factor), customer.last_row(INPUT)
    before = customer.last_row(INPUT, days_before=factor.days)
    if reading.value is None or row is None or row.number is None:
        return reading
    if before is None or before.number is None or before.mark != row.mark or before.number <= 0:
        return UNKNOWN
    then = min(before.number, INPUT_LIMIT)
    return Reading(rounded((clamped(row.number, INPUT_LIMIT) - then) * 10_000, then), row.known_on)


DEFINITION = FactorDefinition(unit=Unit.PERCENT, read=read, input_name=INPUT, period=Period.INPUT_CHANGE)
