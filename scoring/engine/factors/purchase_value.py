"""The mean value of a customer's purchases in a period, in the base currency."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.rounding import rounded
from scoring.engine.shapes import Factor, Reading


def read(customer: CustomerDay, factor: Factor) -> Reading:
    purchases = customer.purchases(factor.days)
    count = sum(count for count, _ in purchases)
    # Values are thousandths, inputs hundredths: hence the 10.
    return Reading(rounded(sum(value for _, value in purchases), 10 * count)) if count else UNKNOWN


DEFINITION = FactorDefinition(unit=Unit.MONEY, read=read, period=Period.COUNTS)
