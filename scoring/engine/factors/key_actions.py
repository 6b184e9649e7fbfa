"""How many different key actions a customer did in a period."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    if customer.facts.last_active_day is None:
        return UNKNOWN
    rows = customer.counts(factor.days, lambda weight: weight.is_key_action)
    return Reading(100 * len({row.event_type for row in rows}))


DEFINITION = FactorDefinition(unit=Unit.WHOLE_NUMBER, read=read, period=Period.COUNTS)
