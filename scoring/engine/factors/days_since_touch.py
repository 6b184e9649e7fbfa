"""Days since a colleague last reached the customer."""

from scoring.engine.customer_day import CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Unit
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    return customer.days_since(customer.facts.last_touch_day)


DEFINITION = FactorDefinition(unit=Unit.DAYS, read=read, reads_touches=True)
