"""What a survey found, from its daily counts."""

from datetime import timedelta

import pytest

from staff.models import Role, User
from surveys import lifecycle
from surveys.answering import answers
from surveys.models import Invitation, Tally
from surveys.results import measures, versions, voice
from surveys.sending import guard
from tests.conftest import NOW
from tests.surveys.conftest import invited, people, running
from tests.surveys.results.conftest import answered

TODAY = NOW.date()
EVERYTHING = User(role=Role.LEAD)  # sees all customers


def test_the_score_is_of_all_answers_with_its_interval(survey):
    answered(survey, 10, 10, 9, 8, 0)
    results = measures.survey_results(survey, today=TODAY)
    assert (results.n, results.score.value, results.counts) == (5, 40, {10: 2, 9: 1, 8: 1, 0: 1})
    assert results.score.low < 40 < results.score.high


def test_nobody_answered_is_no_score_and_not_zero(survey):
    results = measures.survey_results(survey, today=TODAY)
    assert (results.n, results.score, results.moved, results.course) == (0, None, None, [])


def test_the_newest_period_is_compared_with_the_one_before(survey):
    answered(survey, *[0] * 30, ago=40)
    answered(survey, *[10] * 30, ago=2, start=100)
    results = measures.survey_results(survey, per="month", today=TODAY)
    assert [period.day.isoformat() for period in results.course] == ["2026-05-01", "2026-06-01"]
    assert (results.moved.change.value, results.moved.change.is_one) == (200, True)


def test_of_many_periods_three_are_compared_with_the_three_before(survey):
    for month, score in enumerate((10, 10, 10, 9, 0, 0, 0)):
        answered(survey, *[score] * 4, ago=200 - 30 * month, start=100 * month)
    moved = measures.survey_results(survey, per="month", today=TODAY).moved
    assert (moved.before.estimate.n, moved.after.estimate.n, moved.change.value) == (12, 12, -200)
    assert moved.change.is_one


def test_few_answers_are_no_change(survey):
    answered(survey, 0, 10, ago=40)
    answered(survey, 10, 10, ago=2, start=100)
    assert not measures.survey_results(survey, per="month", today=TODAY).moved.change.is_one


@pytest.mark.parametrize(("per", "days"), [("week", "2026-06-08"), ("quarter", "2026-04-01")])
def test_periods_begin_on_their_first_day(survey, per, days):
    answered(survey, 10, ago=2)
    assert measures.survey_results(survey, per=per, today=TODAY).course[0].day.isoformat() == days


def test_other_questions_are_counted_and_texts_are_not(begun):
    survey = running("support-effort")
    answered(survey, {"score": 7, "waiting": 2, "wrong": "Long"}, {"score": 7, "waiting": 4}, {"score": 6})
    results = {counts.question.key: counts for counts in measures.survey_results(survey, today=TODAY).questions}
    assert (results["waiting"].counts, results["waiting"].n, results["waiting"].mean.value) == ({2: 1, 4: 1}, 2, 3)
    assert "wrong" not in results
    assert results["resolution"].mean is None


def test_the_way_tells_those_we_asked_from_those_who_came_by_themselves(survey, lead):
    people(4)
    rows = invited(survey, by=lead)
    Invitation.objects.update(sent_at=NOW - timedelta(days=1), state="sent")
    Tally.objects.create(survey=survey, day=TODAY, name="step", value="sent", count=4)
    Tally.objects.create(survey=survey, day=TODAY, name="step", value="dropped:lately", count=2)
    answers.submit(rows[0], {"score": ["9"]}, now=NOW)
    answered(survey, 3, start=50, ago=0)
    way = measures.survey_results(survey, today=TODAY).way
    assert (way.sent, way.replied, way.answered, way.unasked, way.begun) == (4, 1, 2, 1, 1)
    assert (way.response.value, way.dropped) == (0.25, {"lately": 2})


def test_in_confidence_nothing_is_shown_before_five_and_nothing_of_today(begun):
    survey = running(is_confidential=True)
    answered(survey, 10, 10, 10, 0, ago=3)
    assert measures.survey_results(survey, today=TODAY).n == 0
    answered(survey, 0, ago=2, start=50)
    answered(survey, 5, 5, 5, 5, 5, 5, ago=0, start=100)
    results = measures.survey_results(survey, today=TODAY)
    assert (results.n, results.score.value) == (5, 20)
    assert measures.survey_results(survey, today=TODAY + timedelta(days=1)).n == 11


def test_in_confidence_a_range_cannot_cut_a_block(begun):
    survey = running(is_confidential=True)
    answered(survey, 10, 10, 10, 0, ago=3)
    answered(survey, 0, ago=2, start=50)
    rows = Tally.objects.filter(survey=survey, day__lte=TODAY - timedelta(days=3))
    assert measures.survey_results(survey, tallies=rows, today=TODAY).n == 0


def test_it_asks_as_often_for_ten_answers_as_for_a_thousand(survey, django_assert_num_queries):
    answered(survey, *[10] * 10)
    with django_assert_num_queries(2):
        measures.survey_results(survey, today=TODAY)
    answered(survey, *[i % 11 for i in range(990)], start=10)
    with django_assert_num_queries(2):
        assert measures.survey_results(survey, today=TODAY).n == 1_000


def test_the_versions_of_a_survey_are_found_from_any_of_them(survey):
    second = lifecycle.start(lifecycle.new_version(survey, now=NOW, by=None), now=NOW)
    third = lifecycle.new_version(second, now=NOW, by=None)
    assert (
        [version.pk for version in versions.all_versions(survey)]
        == [survey.pk, second.pk]
        == [version.pk for version in versions.all_versions(second)]
    )
    assert third.status == "draft"


def test_the_voice_is_unknown_until_each_part_is_known(survey, lead, django_assert_num_queries):
    answered(survey, 10, 10, 0, 8)
    assert voice.customer_voice(EVERYTHING, today=TODAY).index is None
    answered(running("csat"), 5, 5, 4, 1, start=50)
    rows = invited(survey, by=lead)
    guard.admit(rows[0], now=NOW)
    with django_assert_num_queries(2):
        index = voice.customer_voice(EVERYTHING, today=TODAY)
    assert (index.satisfaction.value, index.loyalty.value, index.awareness.value) == (0.75, 25, 1 / 8)
    assert index.index == pytest.approx((0.75 + 0.625 + 0.125) / 3)


def test_what_was_said_in_confidence_is_not_in_the_voice(begun):
    answered(running(is_confidential=True), 10, 10)
    assert voice.customer_voice(EVERYTHING, today=TODAY).loyalty is None
