"""How many points engagement gained or lost in a period."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    """Known when the customer was known then, even if it did nothing then."""
    total, first = customer.engagement.total, customer.facts.first_known
    if total is None or first is None or first > customer.as_of - factor.days:
        return UNKNOWN
    return Reading(total - customer.engagement_before(factor.days))


DEFINITION = FactorDefinition(unit=Unit.POINTS_CHANGE, read=read, period=Period.ENGAGEMENT_CHANGE)
