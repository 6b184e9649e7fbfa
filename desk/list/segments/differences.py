"""Differences between two groups of customers, with intervals, corrected together. Pure: figures in, verdicts out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import erfc, exp, fsum, isclose, lgamma, log, sqrt

from core.intervals import Estimate, student, wilson

LEAST = 20  # known values on either side; of fewer nothing is said
CERTAIN = 0.05  # of all comparisons together


@dataclass(frozen=True, slots=True)
class Sample:
    """The known values of one side: how many, their mean, their variance (of the sample). A share has 0 and 1."""

    n: int
    mean: float = 0.0
    variance: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """How one figure differs: `value` is the first less the second, with its own interval of 95 per cent.

    `p` is None where nothing can be said; `adjusted` is p after Holm's correction for all that were tested.
    """

    first: Sample
    second: Sample
    value: Estimate | None = None
    p: float | None = None
    adjusted: float | None = None

    @property
    def is_certain(self) -> bool:
        return self.adjusted is not None and self.adjusted < CERTAIN


def of_values(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Compare the means of two groups; p is the larger of Welch's and of the rank test's.

    Of money and counts a few customers have most: Welch's test alone would call one pair in five different that is not
    (25 beside 120 customers, 14 figures, a lognormal distribution). Ranks do not mind how skewed values are.
    """
    found = of_means(described(first), described(second))
    if found.p is None:
        return found
    return Difference(found.first, found.second, found.value, max(found.p, rank_test(first, second)))


def of_means(first: Sample, second: Sample) -> Difference:
    """Compare means without assuming equal variances.

    Source: Welch, B. L. (1947), The generalization of Student's problem, Biometrika 34.
    """
    if min(first.n, second.n) < LEAST:
        return Difference(first, second)
    parts = [side.variance / side.n for side in (first, second)]
    error = sqrt(fsum(parts))
    value = first.mean - second.mean
    if isclose(error, 0, abs_tol=1e-12):
        # Values all alike on both sides: the same is no difference; of two values nobody knows the spread.
        return Difference(first, second, Estimate(0, 0, 0), 1.0) if not value else Difference(first, second)
    squares = (part**2 / (side.n - 1) for part, side in zip(parts, (first, second), strict=True))
    freedom = fsum(parts) ** 2 / fsum(squares)
    half = student(max(1, int(freedom))) * error
    return Difference(first, second, Estimate(value, value - half, value + half), two_sided(value / error, freedom))


def rank_test(first: Sequence[float], second: Sequence[float]) -> float:
    """Return p of Mann and Whitney's test, with the correction for ties; by the normal distribution, from 20 values on.

    Source: Mann, H. B., Whitney, D. R. (1947), Ann. Math. Statistics 18.
    """
    n, m = len(first), len(second)
    everybody = n + m
    ordered = sorted([*((value, True) for value in first), *((value, False) for value in second)])
    ranks, ties, place = 0.0, 0, 0
    for _, alike in groupby(ordered, key=lambda pair: pair[0]):
        run = [is_first for _, is_first in alike]
        # The middle of the ranks that values alike take together, for each of the first group's.
        ranks += sum(run) * (place + (len(run) + 1) / 2)
        ties += len(run) ** 3 - len(run)
        place += len(run)
    variance = n * m / 12 * (everybody + 1 - ties / (everybody * (everybody - 1)))
    if variance <= 0:
        return 1.0
    beyond = max(0.0, abs(ranks - n * (n + 1) / 2 - n * m / 2) - 0.5)
    return erfc(beyond / sqrt(2 * variance))


def of_shares(first: Sample, second: Sample) -> Difference:
    """Compare shares: Newcombe's interval (1998, method 10), and the test of two proportions with one variance."""
    if min(first.n, second.n) < LEAST:
        return Difference(first, second)
    low, high = zip(wilson(first.mean, first.n), wilson(second.mean, second.n), strict=True)
    value = first.mean - second.mean
    down = sqrt((first.mean - low[0]) ** 2 + (high[1] - second.mean) ** 2)
    up = sqrt((high[0] - first.mean) ** 2 + (second.mean - low[1]) ** 2)
    together = (first.mean * first.n + second.mean * second.n) / (first.n + second.n)
    error = sqrt(together * (1 - together) * (1 / first.n + 1 / second.n))
    p = erfc(abs(value) / error / sqrt(2)) if error else 1.0
    return Difference(first, second, Estimate(value, value - down, value + up), p)


def holm(differences: Mapping[str, Difference]) -> dict[str, Difference]:
    """Return them with p adjusted for how many were tested, in the same order.

    Source: Holm, S. (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6.
    """
    tested = sorted((found.p, name) for name, found in differences.items() if found.p is not None)
    adjusted: dict[str, float] = {}
    largest = 0.0
    for place, (p, name) in enumerate(tested):
        largest = max(largest, min(1.0, p * (len(tested) - place)))
        adjusted[name] = largest
    return {
        name: Difference(found.first, found.second, found.value, found.p, adjusted.get(name))
        for name, found in differences.items()
    }


def described(values: Sequence[float]) -> Sample:
    n = len(values)
    if not n:
        return Sample(0)
    mean = fsum(values) / n
    return Sample(n, mean, fsum((value - mean) ** 2 for value in values) / (n - 1) if n > 1 else 0.0)


def two_sided(t: float, freedom: float) -> float:
    """Return how likely Student's t is to be as far from 0 as this, or farther. `freedom` need not be whole."""
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function. Source: Abramowitz and Stegun, 26.5.8."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction by Lentz's method; it settles within some dozens of steps."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    found = d
    for m in range(1, 500):
        for term in _terms(m, x, a, b):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            found *= c * d
        if isclose(c * d, 1, rel_tol=1e-14):
            break
    return found


def _terms(m: int, x: float, a: float, b: float) -> Sequence[float]:
    even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return even, odd
