"""Numbers that a reader can redo with pencil and paper."""

import numpy as np
import pytest

from scoring.backtest import statistics
from scoring.backtest.statistics import NothingToRank

RISK = np.array([3.0, 1.0, 2.0, 0.0])
HAPPENED = np.array([True, True, False, False])
EVERYBODY_ONCE = np.arange(4)


def test_three_of_four_pairs_ranked_rightly_are_an_auc_of_three_quarters_with_delongs_variance():
    # Cases are placed 1 and 1/2, so are controls: each half has variance 1/8, over 2 each: 1/16 + 1/16.
    means, covariances = statistics.aucs([RISK], HAPPENED, EVERYBODY_ONCE)
    assert means.tolist() == [0.75]
    assert covariances[0, 0] == pytest.approx(1 / 8)


def test_a_tie_is_half_a_pair():
    assert statistics.auc(np.ones(4), HAPPENED, EVERYBODY_ONCE).value == 0.5


def test_the_same_customer_seen_on_two_days_is_no_new_evidence():
    twice = np.tile(np.arange(4), 2)
    _, once = statistics.aucs([RISK], HAPPENED, EVERYBODY_ONCE)
    _, seen_twice = statistics.aucs([np.tile(RISK, 2)], np.tile(HAPPENED, 2), twice)
    assert seen_twice[0, 0] == pytest.approx(once[0, 0])
    _, as_if_others = statistics.aucs([np.tile(RISK, 2)], np.tile(HAPPENED, 2), np.arange(8))
    assert as_if_others[0, 0] < once[0, 0]


def test_a_number_does_not_lead_itself_and_the_interval_of_a_difference_is_that_of_the_pairs():
    random = np.random.default_rng(1)
    happened, who = random.random(400) < 0.2, np.arange(400)
    good = happened + random.normal(size=400)
    means, covariances = statistics.aucs([good, good.copy(), good + random.normal(size=400) / 5], happened, who)
    assert statistics.difference(means, covariances, 0, 1) == statistics.Estimate(0.0, 0.0, 0.0)
    near = statistics.difference(means, covariances, 0, 2)
    alone = statistics.auc(good, happened, who)
    assert near.high - near.low < (alone.high - alone.low) / 2  # what both share cancels out


def test_the_interval_of_many_samples_holds_the_truth_about_as_often_as_it_says():
    # Normal scores a deviation apart: the true AUC is Φ(1/√2) = 0.7602. Each customer stands twice with one luck.
    random, held = np.random.default_rng(7), 0
    for _ in range(300):
        happened = np.repeat(random.random(150) < 0.3, 2)
        risk = happened + np.repeat(random.normal(size=150), 2)
        found = statistics.auc(risk, happened, np.repeat(np.arange(150), 2))
        held += found.low <= 0.76025 <= found.high
    assert 0.91 <= held / 300 <= 0.98


def test_nothing_is_ranked_where_all_are_of_one_sort():
    with pytest.raises(NothingToRank):
        statistics.auc(RISK, np.ones(4, dtype=bool), EVERYBODY_ONCE)


def test_where_a_tie_straddles_the_end_of_the_list_chance_takes_its_part():
    # The first two are sure; the third place is one of three who tie, of whom two left.
    risk = np.array([9.0, 8.0, 5.0, 5.0, 5.0, 1.0])
    happened = np.array([True, False, True, True, False, True])
    assert statistics.found_among(risk, happened, [0, 1, 2, 3, 5, 6]).tolist() == [0, 1, 1, pytest.approx(5 / 3), 3, 4]


def test_what_is_unknown_comes_first_and_ties_with_its_like():
    risk = np.array([1.0, np.inf, np.inf, np.inf])
    happened = np.array([True, True, False, False])
    assert statistics.found_among(risk, happened, [1, 3, 4]).tolist() == [pytest.approx(1 / 3), 1, 2]
    assert statistics.auc(risk, happened, np.arange(4)).value == 0.25  # half of two of the four pairs
    assert statistics.found_among(risk[:0], happened[:0], [0]).tolist() == [0]


def test_calls_are_made_on_each_day_and_chance_is_the_share_of_that_day():
    risk = np.array([3.0, 2.0, 1.0, 0.0, 3.0, 2.0])
    happened = np.array([True, False, True, False, True, False])
    made = statistics.calls(risk, happened, np.array([1, 1, 1, 1, 2, 2]), each_day=1)
    assert (made.called, made.found, made.by_chance, made.happened) == (2, 2.0, 1.0, 3)
    assert (made.precision, made.recall) == (1.0, pytest.approx(2 / 3))
    assert statistics.calls(risk, happened, np.zeros(6), each_day=10).called == 6


def test_lift_is_a_tenths_share_over_everybodys():
    risk = np.arange(20)[::-1].astype(float)
    happened = np.arange(20) < 4
    tenths = statistics.lift(risk, happened, np.zeros(20))
    assert [one.found for one in tenths] == [2, 2, 0, 0, 0, 0, 0, 0, 0, 0]
    assert [one.lift for one in tenths[:3]] == [5, 5, 0]


def test_a_share_has_wilsons_interval_which_repeated_customers_widen():
    happened = np.arange(10) < 5
    found = statistics.share(happened, np.arange(10))
    assert [found.value, found.low, found.high] == pytest.approx([0.5, 0.2366, 0.7634], abs=1e-4)
    repeated = statistics.share(np.repeat(happened, 4), np.repeat(np.arange(10), 4))
    assert (repeated.low, repeated.high) == (pytest.approx(found.low), pytest.approx(found.high))
    assert statistics.share(happened[:0], np.arange(0)) is None
