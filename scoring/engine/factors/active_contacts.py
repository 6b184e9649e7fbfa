"""Which share of a customer's contacts was active in a period, in per cent."""

from scoring.engine.customer_day import UNKNOWN, CustomerDay
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.shapes import Factor, Reading

INPUT = "contacts"


def read(customer: CustomerDay, factor: Factor) -> Reading:
    contacts = customer.number(INPUT, factor)
    if contacts.value is None:
        return contacts
    if contacts.value < 100:
        return UNKNOWN
    active = customer.active_contacts(factor.days)
    # Contacts who have left since count as active but not as contacts, so the share is held at 100 %.
    return Reading(min(10_000, active * 10_000 // (contacts.value // 100)), contacts.known_on)


DEFINITION = FactorDefinition(
    unit=Unit.PERCENT, read=read, input_name=INPUT, period=Period.CONTACTS, counts_contacts=True
)
