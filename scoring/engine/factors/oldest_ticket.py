"""Days the oldest open ticket has been open."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Unit
from scoring.engine.shapes import Factor, Reading

INPUT = "oldest_open_ticket"


def read(customer: CustomerDay, factor: Factor) -> Reading:
    """A row without a day says that no ticket is open: a known 0. With a number in its place nothing is known."""
    row = customer.last_row(INPUT)
    if row is None or (row.number is not None and not row.mark):
        return UNKNOWN
    if customer.is_old(row, factor):
        return Reading(None, row.known_on, "old")
    return Reading(max(0, customer.as_of - row.mark) * 100 if row.mark else 0, row.known_on)


DEFINITION = FactorDefinition(unit=Unit.DAYS, read=read, input_name=INPUT)
