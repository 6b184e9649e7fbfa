"""How many different key actions a customer did in a period."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.shapes import Factor, Reading, Weight


def is_counted(weight: Weight) -> bool:
    return weight.is_key_action


def read(customer: CustomerDay, factor: Factor) -> Reading:
    if customer.facts.last_active_day is None:
        return UNKNOWN
    return Reading(100 * len({row.event_type for row in customer.counts(factor.days, is_counted)}))


DEFINITION = FactorDefinition(unit=Unit.WHOLE_NUMBER, read=read, period=Period.COUNTS, counts=is_counted)
