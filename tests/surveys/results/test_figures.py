"""Figures from counts are those of the answers one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.results import chart, figures, statistics


def counted(*scores):
    return {score: scores.count(score) for score in set(scores)}


def test_half_promoters_and_a_fifth_detractors_are_30():
    found = figures.estimate("nps", {10: 25, 8: 15, 3: 10})
    assert (found.value, round(found.low, 1), round(found.high, 1), found.n) == (30, 7.3, 49.3, 50)


def test_satisfied_is_the_share_of_4_and_5():
    found = figures.estimate("csat", {5: 50, 4: 24, 1: 33})
    assert (round(found.value, 2), round(found.low, 3), round(found.high, 3)) == (0.69, 0.599, 0.771)


def test_easy_is_the_share_of_5_to_7():
    assert figures.easy({7: 2, 5: 1, 4: 1}).value == 0.75


@given(st.lists(st.integers(1, 7), min_size=1, max_size=50))
def test_the_mean_from_counts_is_the_mean_of_the_answers(scores):
    found = figures.estimate("effort", counted(*scores))
    assert found.value == pytest.approx(sum(scores) / len(scores))
    one_by_one = statistics.mean([float(score) for score in scores], statistics.EFFORT_SCALE)
    assert (found.low, found.high) == (pytest.approx(one_by_one.low), pytest.approx(one_by_one.high))


def test_cxi_in_stored_scores_is_cxi_in_marks():
    marks = [(5, 5, 5, 5), (1, 2, 5, 3), (3, 3, 4, 4)]
    net = [sum((m >= 4) - (m <= 2) for m in one) for one in marks]
    found, right = figures.estimate("cxi", counted(*net)), statistics.cxi(marks)
    assert (found.value, found.low, found.high) == pytest.approx((right.value, right.low, right.high))


def test_without_answers_there_is_no_figure_and_no_change():
    assert figures.estimate("nps", {}) is None
    assert figures.change("csat", {5: 1}, {}) is None
    assert figures.estimate("free", {1: 3}) is None


@pytest.mark.parametrize("kind", ["nps", "csat", "effort", "cxi"])
def test_a_big_move_of_many_is_a_change_and_a_small_one_of_few_is_not(kind):
    low, high = {"nps": (0, 10), "csat": (1, 5), "effort": (1, 7), "cxi": (-4, 4)}[kind]
    assert figures.change(kind, {low: 80, high: 20}, {low: 20, high: 80}).is_one
    assert not figures.change(kind, {low: 2, high: 2}, {low: 1, high: 3}).is_one


def test_a_course_stands_within_its_drawing():
    drawn = chart.drawn("nps", [figures.estimate("nps", {10: n, 0: 5}) for n in (1, 5, 50)])
    places = [float(place) for mark in drawn.marks for place in (mark.x, mark.y, mark.low, mark.high)]
    assert all(0 <= place <= 100 for place in places)
    assert [float(mark.high) <= float(mark.y) <= float(mark.low) for mark in drawn.marks] == [True] * 3
    assert chart.drawn("nps", [figures.estimate("nps", {10: 1})]) is None
