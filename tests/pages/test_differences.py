"""Differences between two segments: numbers one can redo, and none called a difference that is not."""

import math
import random
from statistics import mean, variance

import pytest

from desk.list.segments.differences import (
    Sample,
    described,
    holm,
    of_means,
    of_shares,
    of_values,
    rank_test,
    two_sided,
)


@pytest.mark.parametrize(
    ("t", "freedom", "p"),
    # From tables of Student's distribution: 5, 1 and 0.1 per cent, both tails.
    [(12.706, 1, 0.05), (2.228, 10, 0.05), (2.845, 20, 0.01), (3.646, 30, 0.001), (1.962, 1_000, 0.05), (0, 7, 1)],
)
def test_the_tails_of_student_are_those_of_the_tables(t, freedom, p):
    assert two_sided(t, freedom) == pytest.approx(p, rel=0.005)


@pytest.mark.parametrize(("t", "freedom"), [(0.3, 3.7), (2.1, 18.2), (6, 250.5)])
def test_the_tails_are_what_the_density_leaves(t, freedom):
    """By Simpson's rule over Student's density from 0 to t."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    steps = 2_000
    weights = (1 if i in (0, steps) else 4 if i % 2 else 2 for i in range(steps + 1))
    density = (scale * (1 + (i * t / steps) ** 2 / freedom) ** (-(freedom + 1) / 2) for i in range(steps + 1))
    middle = math.fsum(map(math.prod, zip(weights, density, strict=True))) * t / steps / 3
    assert two_sided(t, freedom) == pytest.approx(1 - 2 * middle, rel=1e-5)


def test_means_are_compared_without_equal_variances():
    """25 values with mean 60, variance 100; 100 with mean 50, variance 400: error √(4 + 4), t = 10/√8."""
    found = of_means(Sample(25, 60, 100), Sample(100, 50, 400))
    assert found.value.value == 10
    # (4 + 4)² / (4²/24 + 4²/99) = 77.26…; t of 77 freedoms is 1.9913
    assert found.value.low == pytest.approx(10 - 1.9913 * 8**0.5, abs=0.001)
    assert found.p == pytest.approx(0.00070, abs=0.00005)


def test_shares_are_compared():
    """15 of 50 beside 30 of 50: 0.3 − 0.6, pooled 0.45, z = 0.3/√(0.2475 · 0.04) = 3.015, p = 0.0026."""
    found = of_shares(Sample(50, 0.3), Sample(50, 0.6))
    assert found.value.value == pytest.approx(-0.3)
    assert found.p == pytest.approx(0.0026, abs=0.0001)
    # Wilson: 0.3 in 0.191 to 0.438, 0.6 in 0.462 to 0.724. √(0.109² + 0.124²) = 0.165; √(0.138² + 0.138²) = 0.195
    assert (found.value.low, found.value.high) == (pytest.approx(-0.465, abs=0.002), pytest.approx(-0.105, abs=0.002))


def test_holm_corrects_for_how_many_were_tested():
    """0.01, 0.04 and 0.03 of three: 0.01·3, then 0.03·2, and 0.04 not below the one before it."""
    few = of_means(Sample(3), Sample(500))
    tested = of_means(Sample(25, 60, 100), Sample(100, 50, 400))
    given = {
        name: type(tested)(tested.first, tested.second, tested.value, p)
        for name, p in (("a", 0.01), ("b", 0.04), ("c", 0.03))
    }
    corrected = holm({**given, "few": few})
    assert [corrected[name].adjusted for name in "abc"] == [pytest.approx(p) for p in (0.03, 0.06, 0.06)]
    assert [corrected[name].is_certain for name in ("a", "b", "c", "few")] == [True, False, False, False]


def test_of_too_few_nothing_is_said():
    assert of_means(Sample(19, 90, 1), Sample(500, 10, 1)).p is None
    assert of_shares(Sample(19, 1), Sample(500, 0)).p is None


def test_values_that_are_all_alike_are_no_difference_and_prove_none():
    assert of_means(Sample(30, 5), Sample(30, 5)).p == 1
    assert of_means(Sample(30, 5), Sample(30, 6)).p is None


def test_a_sample_is_described():
    values = [1.0, 2.0, 4.5]
    made = described(values)
    assert (made.mean, made.variance) == (pytest.approx(mean(values)), pytest.approx(variance(values)))


def test_ranks_are_compared_with_the_correction_for_ties():
    """1 2 2 3 beside 2 4 5 6: ranks 1, 3, 3, 5 = 12 of 36, U = 2; ties 3: variance 16/12 · (9 − 24/56) = 11.4286.

    z = (8 − 2 − 0.5)/√11.4286 = 1.627, p = 0.1038 (R: wilcox.test(..., exact = FALSE)).
    """
    assert rank_test([1, 2, 2, 3], [2, 4, 5, 6]) == pytest.approx(0.1038, abs=0.0001)


def test_of_segments_that_do_not_differ_hardly_any_is_said_to():
    """14 figures of 300 pairs from one skewed distribution, 25 customers beside 120: at most 5 % show a difference."""
    chance = random.Random(7)

    def drawn(n):
        return [chance.lognormvariate(0, 1) for _ in range(n)]

    false = sum(
        any(found.is_certain for found in holm({str(i): of_values(drawn(25), drawn(120)) for i in range(14)}).values())
        for _ in range(300)
    )
    assert false / 300 <= 0.05, false


def test_a_difference_that_is_there_is_found():
    chance = random.Random(8)
    found = holm(
        {
            str(i): of_values([chance.gauss(60, 10) for _ in range(40)], [chance.gauss(48, 12) for _ in range(60)])
            for i in range(14)
        }
    )
    assert all(difference.is_certain for difference in found.values())
