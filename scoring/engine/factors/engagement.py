"""The engagement score itself, in points."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Unit
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    total = customer.engagement.total
    return UNKNOWN if total is None else Reading(total)


DEFINITION = FactorDefinition(unit=Unit.NUMBER, read=read)
