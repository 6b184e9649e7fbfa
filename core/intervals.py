"""Intervals of 95 per cent around shares and means. Pure: counts and numbers in, estimates out."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, exp, fsum, pi, sin, sqrt

# The normal distribution's quantile, in full: textbooks' 1.96 moves ends of intervals in the fifth digit.
Z95 = 1.959963984540054
_TAILS = 0.05  # both together

Counts = Mapping[int, int] | Mapping[float, int]  # value → how often


class NoAnswers(ValueError):
    """There is nothing to estimate from."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its interval. `n`: how many answers or rows it stands on; None where that is not a plain count."""

    value: float
    low: float
    high: float
    n: int | None = None


def wilson(share: float, rows: float) -> tuple[float, float]:
    """Return Wilson's interval (0..1) of a share seen in so many independent rows; `rows` need not be whole.

    Source: Wilson, E. B. (1927), without a correction for continuity.
    """
    z2 = Z95**2
    centre = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = Z95 * sqrt(share * (1 - share) / rows + z2 / (4 * rows**2)) / (1 + z2 / rows)
    return max(0.0, centre - half), min(1.0, centre + half)


def share(count: int, n: int) -> Estimate:
    """Return count/n with Wilson's interval. Raises NoAnswers."""
    if not n:
        raise NoAnswers
    low, high = wilson(count / n, n)
    # The ends are exactly 0 and 1 where the count is none or all; rounding would leave crumbs.
    return Estimate(count / n, low if count else 0.0, high if count < n else 1.0, n)


def mean(counts: Counts, scale: tuple[float, float]) -> Estimate:
    """Return the mean of counted values with Student's interval, cut to the scale. Raises NoAnswers.

    Values that are all alike have no variance, which does not prove that everybody agrees: as many others as Wilson's
    interval leaves room for may stand anywhere on the scale.
    """
    n = sum(counts.values())
    if not n:
        raise NoAnswers
    value = fsum(mark * count for mark, count in counts.items()) / n
    lowest, highest = scale
    if sum(1 for count in counts.values() if count) == 1:
        others = share(0, n).high
        return Estimate(value, value - others * (value - lowest), value + others * (highest - value), n)
    variance = fsum(count * (mark - value) ** 2 for mark, count in counts.items()) / (n - 1)
    half = student(n - 1) * sqrt(variance / n)
    return Estimate(value, max(lowest, value - half), min(highest, value + half), n)


def student(freedom: int) -> float:
    """Return t so that 95 per cent of Student's distribution lie within ±t. `freedom` is 1 or more.

    Source: Hill, G. W. (1970), Algorithm 396: Student's t-quantiles, Communications of the ACM 13(10).
    """
    if freedom == 1:
        return cos(_TAILS * pi / 2) / sin(_TAILS * pi / 2)
    if freedom == 2:
        return sqrt(2 / (_TAILS * (2 - _TAILS)) - 2)
    # Variables are named as in the paper, so that one can be held against the other.
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * freedom
    y = (d * _TAILS) ** (2 / freedom)
    if y > 0.05 + a:
        return _near_normal(freedom, a, b, c, d)
    y = (
        (1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3) + 0.5 / (freedom + 4)) * y - 1
    ) * (freedom + 1) / (freedom + 2) + 1 / y
    return sqrt(freedom * y)


def _near_normal(freedom: int, a: float, b: float, c: float, d: float) -> float:
    x = -Z95
    y = x * x
    if freedom < 5:
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = a * y * y
    return sqrt(freedom * (exp(y) - 1 if y > 0.002 else 0.5 * y * y + y))
