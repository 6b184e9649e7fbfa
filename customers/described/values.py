"""What a field of a customer holds of a trait, whatever senders write into it."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.db.models import CharField

from core.db import jsonb
from core.money import is_currency
from core.names import hosts
from core.names.cleaning import cleaned_name
from customers.models import Customer

_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 12  # the column has twelve digits before the point


def is_nothing(value: Any) -> bool:
    """Tell whether a trait says nothing, so that it neither sets nor empties a field."""
    return value in (None, [], {}) or (isinstance(value, str) and not cleaned_name(value))


def read(field: str, value: Any) -> Any:
    """Return what the field holds of the value; None for what it cannot hold."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _READERS[field](value)


def _text(most: int, value: Any) -> str | None:
    # Cut, not refused: a name that is too long is better than none.
    return cleaned_name(str(value))[:most] or None


def _whole(value: Any) -> int | None:
    number = jsonb.number(value)
    if number is None or not 0 <= number < 2**31 or number != number.to_integral_value():
        return None
    return int(number)


def _amount(value: Any) -> Decimal | None:
    number = jsonb.number(value)
    if number is None or not 0 <= number < _MOST:
        return None
    amount = number.quantize(_CENT, ROUND_HALF_UP)
    return amount if amount < _MOST else None


def _currency(value: Any) -> str | None:
    code = str(value).strip().upper()
    return code if is_currency(code) else None


def _length(field: str) -> int:
    column = Customer._meta.get_field(field)
    assert isinstance(column, CharField) and column.max_length
    return column.max_length


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **{field: partial(_text, _length(field)) for field in ("name", "plan", "industry", "country")},
    "domain": lambda value: hosts.host(str(value)),
    "seats": _whole,
    "mrr": _amount,
    "currency": _currency,
}
