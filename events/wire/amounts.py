"""The value of an event, of whatever its properties carry."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.db import jsonb
from events.models import Flag

VALUE_LIMIT = 10**12  # thousandths: 10⁹ units
_AS_IT_IS = Flag(0)


def thousandths(amount: Decimal) -> tuple[int, Flag]:
    """Return the value in thousandths, rounded half up, clamped to ±10⁹ units, and the flag that says so."""
    scaled = int((amount * 1000).to_integral_value("ROUND_HALF_UP"))
    if abs(scaled) > VALUE_LIMIT:
        return (VALUE_LIMIT if scaled > 0 else -VALUE_LIMIT), Flag.VALUE_CLAMPED
    return scaled, _AS_IT_IS


def amount_of(properties: Mapping[str, Any]) -> tuple[Decimal, str | None] | None:
    """Return the value and its currency as sent; None when the event carries no number."""
    for name in ("value", "revenue", "total"):
        number = jsonb.number(properties.get(name))
        if number is not None:
            currency = properties.get("currency")
            return number, None if currency in (None, "") else str(currency).upper()
    return None
