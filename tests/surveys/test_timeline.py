"""Answers on a customer's timeline: which survey, what score, which group, what was written; in confidence nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import Role
from surveys.answering import answers, direct_answers, survey_events
from surveys.answering.direct_answers import IncomingAnswer
from surveys.models import Answer, Via
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import company, invited, people, running


@pytest.fixture
def acme(begun):
    return company("Acme")


@pytest.fixture
def timeline(client, acme, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.colleague("Maya", Role.CSM))

    def read(**query):
        page = client.get(f"/customers/{acme.pk}/timeline/", query).content.decode()
        return page.partition('id="timeline"')[2]

    return read


def record(survey, *given):
    return direct_answers.record(survey, given, via=Via.API, now=NOW)


def test_an_answer_says_survey_score_group_and_words_and_leads_to_itself(timeline, acme):
    [kim] = people(1, customer=acme)
    marks = {"score": 3, "wrong": "Too <b>slow</b>"}
    [answer] = record(running(name="Spring"), IncomingAnswer(marks, NOW, contact=kim))
    seen = timeline()
    for words in ("Spring", "3 of 10", "Detractor", "“Too &lt;b&gt;slow&lt;/b&gt;”", "Kim 0"):
        assert words in seen
    assert f'href="/customers/{acme.pk}/answers/#answer-{answer.id}"' in seen


def test_it_says_what_stands_after_a_change(timeline, acme, lead):
    people(1, customer=acme)
    [invitation] = invited(running(), by=lead)
    for minutes, score in ((5, "3"), (0, "10")):
        answers.submit(invitation, {"score": [score]}, now=NOW - timedelta(minutes=minutes))
    seen = timeline()
    assert "10 of 10" in seen and "Promoter" in seen and "Detractor" not in seen


def test_what_was_said_in_confidence_says_only_that_somebody_answered(timeline, acme):
    [kim] = people(1, customer=acme)
    [answer] = record(
        running(name="Quiet", is_confidential=True), IncomingAnswer({"score": 3, "wrong": "Bad"}, NOW, contact=kim)
    )
    events = timeline()
    assert "Quiet" in events
    for words in ("3 of", "Detractor", "Bad", str(answer.id), "#answer-", "Read the answer"):
        assert words not in events
    assert "Kim 0" not in events.partition('class="day"')[2]


def test_words_of_a_comment_find_its_answer_and_what_was_said_in_confidence_is_found_by_none(timeline, acme):
    kim, lou = people(2, customer=acme)
    record(running(name="Spring"), IncomingAnswer({"score": 3, "wrong": "Trop lent, où est Émile?"}, NOW, contact=kim))
    secret = IncomingAnswer({"score": 7, "wrong": "Emile is slow"}, NOW, contact=lou)
    record(running(name="Autumn", is_confidential=True), secret)
    seen = timeline(q="emile")
    assert "Spring" in seen and "Autumn" not in seen
    for words in ("slow", "7", "nps", "kind"):
        assert "Autumn" not in timeline(q=words), words
    assert "Autumn" in timeline(q="autumn survey answered")


def test_two_answers_of_a_day_are_two_lines(timeline, acme):
    [kim] = people(1, customer=acme)
    for name, score in (("Spring", 9), ("Autumn", 2)):
        record(running(name=name), IncomingAnswer({"score": score}, NOW, contact=kim))
    assert timeline().count('<li class="event">') == 2


def test_answers_of_four_questions_and_of_own_ones_have_no_single_score(timeline, acme):
    four = {"effort": 5, "empathy": 5, "understanding": 5, "effectiveness": 5}
    record(running("cxi", name="Four"), IncomingAnswer(four, NOW, customer_id=acme.pk))
    record(running("free", name="Own"), IncomingAnswer({"question": "The door"}, NOW, customer_id=acme.pk))
    seen = timeline()
    assert "Four" in seen and "Satisfied" in seen and "“The door”" in seen
    assert " of 4" not in seen


def test_answers_cost_one_query_however_many(timeline, acme):
    with CaptureQueriesContext(connection) as without:
        timeline()
    survey, counts = running(), []
    for n in (1, 20):
        record(survey, *(IncomingAnswer({"score": 9}, NOW, customer_id=acme.pk) for _ in range(n)))
        with CaptureQueriesContext(connection) as queries:
            timeline()
        counts.append(sum("surveys_answer" in query["sql"] for query in queries))
    assert counts[0] == counts[1]
    assert counts[0] - sum("surveys_answer" in query["sql"] for query in without) == 1
    assert Answer.objects.count() == 21


def test_an_event_of_the_same_name_from_another_tool_keeps_its_own_words(timeline, acme):
    survey_events.prepare(NOW)
    cast.happened(acme, "Survey answered", NOW, properties={"score": 8, "tool": "Elsewhere", "answer": ["x"]})
    seen = timeline()
    assert "score: 8" in seen and "tool: Elsewhere" in seen
