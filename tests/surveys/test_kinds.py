"""Each survey kind is complete, and its figures from counts are those of the answers one by one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import intervals
from surveys import kinds
from surveys.questionnaire import templates
from surveys.results import chart


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_is_complete(kind):
    assert missing(kind) == []


def missing(kind):
    """Return what a kind lacks, in sentences."""
    template = templates.TEMPLATES.get(kind.name)
    begins = tuple(question.key for question in kind.template.questions[: len(kind.keys)])
    known = {group.name for group in kind.groups}
    wrong = {name for question in kind.template.questions for name in question.shown_to} - known
    lacks = {
        "Its name is longer than 10 characters, which the column does not hold.": len(kind.name) > 10,
        "Its template must have the kind's name and kind.": template is None or template.kind != kind.name,
        f"Its template must begin with the questions {kind.keys}.": begins != kind.keys,
        f"Its template asks groups the kind does not have: {wrong}.": bool(wrong),
        "Nothing says what it is good for: give its template a purpose.": not str(kind.template.purpose),
    }
    if kind.has_score:
        low, high = kind.scores
        groups = [kind.group_of(score) for score in range(high, low - 1, -1)]
        lacks |= {
            "It needs three groups, the good one first.": [g.feeling for g in kind.groups] != ["good", "middle", "bad"],
            "Some group has no score: look at good_from and bad_up_to.": list(dict.fromkeys(groups)) != [*kind.groups],
            "A group's name is longer than 12 characters.": any(len(group.name) > 12 for group in kind.groups),
            "Levels of its chart must span its range.": (kind.levels[0], kind.levels[-1]) != kind.range,
            "An answer's worth lies outside the range.": not all(
                kind.range[0] <= kind.worth(score) <= kind.range[1] for score in (low, high)
            ),
            "Its figure has no unit.": not str(kind.unit),
            "Its figure cannot be computed.": kind.estimate({low: 1, high: 2}) is None,
        }
    return [sentence for sentence, is_lacking in lacks.items() if is_lacking]


def counted(*scores):
    return {score: scores.count(score) for score in set(scores)}


def test_half_promoters_and_a_fifth_detractors_are_30():
    estimate = kinds.NPS.estimate({10: 25, 8: 15, 3: 10})
    assert (estimate.value, round(estimate.low, 1), round(estimate.high, 1), estimate.n) == (30, 7.3, 49.3, 50)


def test_satisfied_is_the_share_of_4_and_5():
    estimate = kinds.CSAT.estimate({5: 50, 4: 24, 1: 33})
    assert (round(estimate.value, 2), round(estimate.low, 3), round(estimate.high, 3)) == (0.69, 0.599, 0.771)


def test_easy_is_the_share_of_5_to_7():
    assert kinds.EFFORT.easy({7: 2, 5: 1, 4: 1}).value == 0.75


@given(st.lists(st.integers(1, 7), min_size=1, max_size=50))
def test_the_mean_from_counts_is_the_mean_of_the_answers(scores):
    estimate = kinds.EFFORT.estimate(counted(*scores))
    assert estimate.value == pytest.approx(sum(scores) / len(scores))
    one_by_one = intervals.mean(Counter(scores), (1, 7))
    assert (estimate.low, estimate.high) == (pytest.approx(one_by_one.low), pytest.approx(one_by_one.high))


def test_cxi_is_the_mean_of_four_nets_and_its_interval_that_of_each_answers_mean():
    # own means: 100, 50, −100; nets of the questions: 33.3, 0, 0, 33.3
    marks = [(5, 4, 4, 5), (5, 3, 3, 4), (1, 2, 2, 1)]
    scores = [kinds.CXI.score(dict(zip(kinds.CXI.keys, answer, strict=True))) for answer in marks]
    estimate = kinds.CXI.estimate(counted(*scores))
    assert scores == [4, 2, -4]
    assert estimate.value == pytest.approx(50 / 3)
    assert (estimate.low, estimate.high) == (-100, 100)


def test_without_answers_there_is_no_figure_and_no_change():
    assert kinds.NPS.estimate({}) is None
    assert kinds.CSAT.change({5: 1}, {}) is None
    assert kinds.FREE.estimate({1: 3}) is None


@pytest.mark.parametrize("kind", ["nps", "csat", "effort", "cxi"])
def test_a_big_move_of_many_is_a_change_and_a_small_one_of_few_is_not(kind):
    low, high = {"nps": (0, 10), "csat": (1, 5), "effort": (1, 7), "cxi": (-4, 4)}[kind]
    assert kinds.get(kind).change({low: 80, high: 20}, {low: 20, high: 80}).is_one
    assert not kinds.get(kind).change({low: 2, high: 2}, {low: 1, high: 3}).is_one


def test_a_course_stands_within_its_drawing():
    drawn = chart.drawn("nps", [kinds.NPS.estimate({10: n, 0: 5}) for n in (1, 5, 50)])
    places = [float(place) for mark in drawn.marks for place in (mark.x, mark.y, mark.low, mark.high)]
    assert all(0 <= place <= 100 for place in places)
    assert [float(mark.high) <= float(mark.y) <= float(mark.low) for mark in drawn.marks] == [True] * 3
    assert chart.drawn("nps", [kinds.NPS.estimate({10: 1})]) is None
