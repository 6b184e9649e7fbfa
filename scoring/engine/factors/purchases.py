"""How many purchases a customer made in a period."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    if customer.facts.last_active_day is None:
        return UNKNOWN
    return Reading(100 * sum(count for count, _ in customer.purchases(factor.days)))


DEFINITION = FactorDefinition(
    unit=Unit.WHOLE_NUMBER, read=read, period=Period.COUNTS, counts=lambda weight: weight.is_purchase
)
