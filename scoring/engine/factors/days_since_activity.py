"""Days since the customer last did anything."""

from scoring.engine.customer_day import CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Unit
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    return customer.days_since(customer.facts.last_active_day)


DEFINITION = FactorDefinition(unit=Unit.DAYS, read=read)
