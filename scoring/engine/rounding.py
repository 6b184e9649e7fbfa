"""Rounding and clamping of the engine's integers."""

from scoring.engine.shapes import INPUT_LIMIT


def clamped(number: int, limit: int) -> int:
    return max(-limit, min(limit, number))


def hundredths(thousandths: int) -> int:
    """Turn a logged number into hundredths of its unit."""
    return rounded(clamped(thousandths, INPUT_LIMIT), 10)


def rounded(part: int, whole: int) -> int:
    """Divide by a positive number, rounding half away from zero."""
    amount = (abs(part) + whole // 2) // whole
    return amount if part >= 0 else -amount
