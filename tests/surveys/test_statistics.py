"""BatchEngine of answers, with numbers a reader can redo or look up; no database."""

from collections import Counter
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import intervals
from surveys.results import statistics
from surveys.results.statistics import Promotion

EFFORT = statistics.EFFORT_SCALE
counts = st.integers(0, 500)
promotions = st.builds(Promotion, counts, counts, counts).filter(lambda said: said.n > 0)
waves = st.lists(st.integers(1, 7), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("n", "centre", "margin"),
    [(50, 28.3, 21.0), (100, 29.1, 15.1), (200, 29.6, 10.7), (400, 29.8, 7.6), (1000, 29.9, 4.8)],
)  # fmt: skip
def test_half_promoters_and_a_fifth_detractors_are_an_nps_of_30(n, centre, margin):
    estimate = statistics.nps(Promotion(n // 2, n - n // 2 - n // 5, n // 5))
    assert estimate.value == 30
    assert round((estimate.low + estimate.high) / 2, 1) == centre
    assert round((estimate.high - estimate.low) / 2, 1) == margin


@pytest.mark.parametrize(("count", "n", "value", "low", "high"), [(74, 107, 69, 59.9, 77.1), (8, 10, 80, 49.0, 94.3)])
def test_the_interval_of_a_share_is_wilsons(count, n, value, low, high):
    estimate = intervals.share(count, n)
    assert round(100 * estimate.value) == value
    assert (round(100 * estimate.low, 1), round(100 * estimate.high, 1)) == (low, high)


def test_detractors_reach_up_to_six_and_promoters_down_to_nine():
    assert statistics.promotion([1] * 11) == Promotion(promoters=2, passives=2, detractors=7)
    assert [statistics.promoting(answer) for answer in (0, 6, 7, 8, 9, 10)] == [-100, -100, 0, 0, 100, 100]


@pytest.mark.parametrize(
    ("freedom", "t"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (5, 2.5706), (10, 2.2281), (30, 2.0423), (10**6, 1.96)],
)
def test_students_quantiles_are_those_of_the_tables(freedom, t):
    assert intervals.student(freedom) == pytest.approx(t, abs=5e-5)


def test_a_mean_has_students_interval():
    # 5, 6, 7: mean 6, variance 1, so 4.3027 × √(1/3) = 2.484; the scale ends at 7
    estimate = intervals.mean(Counter([5, 6, 7]), EFFORT)
    assert (estimate.value, round(estimate.low, 3), estimate.high) == (6, 3.516, 7)


def test_answers_that_are_all_alike_leave_room_for_others():
    # Wilson: none of 4 others, at most 0.4899 of them; 7 − 0.4899 × 6 = 4.061
    estimate = intervals.mean(Counter([7, 7, 7, 7]), EFFORT)
    assert (estimate.value, round(estimate.low, 3), estimate.high) == (7, 4.061, 7)


def test_a_change_is_one_only_when_its_interval_leaves_zero_out():
    change = statistics.nps_change(Promotion(15, 20, 15), Promotion(23, 16, 11))
    assert change.value == 24
    assert not change.is_one  # with fifty answers each, 24 points are within ±30
    assert statistics.nps_change(Promotion(150, 200, 150), Promotion(230, 160, 110)).is_one


def test_the_same_contacts_show_a_change_that_strangers_would_not():
    before, after = [3, 4, 5, 6, 2, 3, 5, 4], [4, 5, 6, 7, 3, 4, 6, 4]
    assert not statistics.mean_change(Counter(before), Counter(after), EFFORT).is_one
    paired = statistics.paired_change(Counter(zip(before, after, strict=True)), EFFORT)
    assert paired.value == 0.875
    assert paired.is_one


def test_newcombes_interval_of_a_difference_of_shares():
    # Newcombe (1998), method 10: 56/70 − 48/80 = 0.2, 0.0524 to 0.3339
    change = statistics.share_change(intervals.share(48, 80), intervals.share(56, 70))
    assert (round(change.value, 4), round(change.low, 4), round(change.high, 4)) == (0.2, 0.0524, 0.3339)


def test_the_voice_index_is_unknown_as_long_as_a_part_is():
    assert statistics.voice_index(0.8, 30, 0.5) == pytest.approx((0.8 + 0.65 + 0.5) / 3)
    assert statistics.voice_index(0.8, None, 0.5) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda: statistics.nps(Promotion(0, 0, 0)),
        lambda: intervals.share(0, 0),
        lambda: intervals.mean(Counter([]), EFFORT),
        lambda: statistics.paired_change({}, EFFORT),
        lambda: statistics.nps_change(Promotion(0, 0, 0), Promotion(1, 0, 0)),
    ],
)
def test_without_answers_there_is_nothing_to_say(ask):
    with pytest.raises(intervals.NoAnswers):
        ask()


@given(promotions)
def test_nps_lies_within_its_scale_and_turns_round_with_its_groups(answers):
    estimate = statistics.nps(answers)
    assert -100 <= estimate.low <= estimate.value <= estimate.high <= 100
    turned = statistics.nps(Promotion(answers.detractors, answers.passives, answers.promoters))
    assert isclose(turned.value, -estimate.value)
    assert isclose(turned.low, -estimate.high, abs_tol=1e-9)


def test_an_interval_reaches_the_figure_of_a_single_answer():
    estimate = statistics.nps(Promotion(0, 0, 1))
    assert (estimate.value, estimate.low, round(estimate.high, 1)) == (-100, -100, 48.5)
    change = statistics.nps_change(Promotion(0, 0, 1), Promotion(1, 0, 0))
    assert change.low <= change.value == 200 <= change.high


@given(promotions, promotions)
def test_a_change_of_nps_lies_within_its_interval(before, after):
    change = statistics.nps_change(before, after)
    assert change.low <= change.value <= change.high


@given(st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_interval_and_more_answers_narrow_it(example):
    count, n = example
    estimate, more = intervals.share(count, n), intervals.share(10 * count, 10 * n)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert more.high - more.low < estimate.high - estimate.low


@given(waves, waves)
def test_a_change_turned_round_is_its_negative(before, after):
    there, back = (
        statistics.mean_change(Counter(before), Counter(after), EFFORT),
        statistics.mean_change(Counter(after), Counter(before), EFFORT),
    )
    assert isclose(there.value, -back.value, abs_tol=1e-12)
    assert isclose(there.low, -back.high, abs_tol=1e-12)
    assert there.is_one == back.is_one


@given(waves)
def test_a_mean_lies_within_its_interval_and_that_within_the_scale(answers):
    estimate = intervals.mean(Counter(answers), EFFORT)
    assert 1 <= estimate.low <= estimate.value <= estimate.high <= 7
