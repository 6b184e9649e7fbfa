"""How figures are written in the reader's language."""

from decimal import Decimal

from babel import numbers

from core.templatetags.show import NOTHING, locale


def points(value: float) -> str:
    return _decimal(value, "#,##0")


def mean(value: float) -> str:
    return _decimal(value, "#,##0.0")


def share(value: float | None) -> str:
    """Write a share of 0..1 in whole per cents."""
    return NOTHING if value is None else _true_minus(numbers.format_percent(round(value, 2), locale=locale()))


def _decimal(value: float, pattern: str) -> str:
    text = numbers.format_decimal(Decimal(value), format=pattern, locale=locale())
    return "0" if text == "-0" else _true_minus(text)


def _true_minus(text: str) -> str:
    """Write a minus for a hyphen, which is narrower than a figure and breaks at line ends."""
    return text.replace("-", "−")
