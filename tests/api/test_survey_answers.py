"""Answers by the API: what other tools collected is taken once, what was said in confidence is shown by nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer
from events.models import Event
from surveys import lifecycle
from surveys.answering import answers
from surveys.models import Answer, Theme
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.surveys.conftest import company, people, running


def sent(api, survey, *rows):
    answer = api.post(f"surveys/{survey.pk}/answers/", {"answers": list(rows)})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_answers_are_taken_by_whom_they_name(api, acme):
    survey = running()
    ann, bob = people(2)
    rows = [
        {"contact_id": ann.pk, "marks": {"score": 9, "like": "The speed"}},
        {"email": bob.email, "score": 3, "comment": "Too slow"},
        {"company_id": "acme", "score": 7},
        {"customer_id": acme.pk, "marks": {"score": "8"}},
        {"score": 10},
    ]
    said = sent(api, survey, *rows)
    assert (said["taken"], said["refused"]) == (5, 0), said
    stored = {row.score: row for row in Answer.objects.all()}
    assert (stored[9].contact, stored[9].comment, stored[9].group) == (ann, "The speed", "promoter")
    assert (stored[3].contact, stored[3].marks, stored[3].needs_care) == (bob, {"score": 3, "wrong": "Too slow"}, True)
    assert {stored[7].customer_id, stored[8].customer_id} == {acme.pk}
    assert stored[10].customer.provisional
    assert Event.objects.filter(event_type__name="Survey answered").count() == 5
    assert {row.via for row in stored.values()} == {"api"}


def test_what_cannot_be_taken_says_why_and_costs_only_itself(api, begun):
    survey, [ann] = running(), people(1)
    bad = [
        {"email": "nobody@acme.example", "score": 9},
        {"score": 11},
        {"marks": {"scor": 9}},
        {"marks": {"like": "no score"}},
        {"score": 9, "answered_at": (NOW + timedelta(days=1)).isoformat()},
        {"score": 9, "answered_at": "2001-01-01T00:00:00Z"},
        {"customer_id": 999_999, "score": 9},
    ]
    said = sent(api, survey, *bad, {"contact_id": ann.pk, "score": 9})
    assert [one["taken"] for one in said["results"]] == [False] * len(bad) + [True]
    assert all(one["problem"] for one in said["results"][:-1])
    assert "0 to 10" in said["results"][1]["problem"]
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({}, {"answers.0.marks": "required"}),
        ({"score": "nine"}, {"answers.0.score": "invalid"}),
        ({"score": 9, "email": "a@b.example", "contact_id": 1}, {"answers.0": "invalid"}),
        ({"marks": []}, {"answers.0.marks": "not_a_dict"}),
        ({"marks": {"score": None}}, {"answers.0.marks.score": "invalid"}),
        ({"marks": {"score": {"a": 1}}}, {"answers.0.marks.score": "invalid"}),
        ({"marks": {"score": 9.5}}, {"answers.0.marks.score": "invalid"}),
        ({"marks": {"x" * 100: 9}}, {"answers.0.marks." + "x" * 40: "invalid"}),
        ({"score": 9, "answered_at": "yesterday"}, {"answers.0.answered_at": "invalid"}),
        ({"score": 9, "comment": "a\0"}, {"answers.0.comment": "null_characters_not_allowed"}),
    ],
)
def test_a_body_that_is_no_answer_is_refused_whole(api, begun, row, fault):
    assert faults(api.post(f"surveys/{running().pk}/answers/", {"answers": [row]})) == fault
    assert not Answer.objects.exists()


def test_an_external_id_sent_again_is_the_same_answer(api, begun):
    survey, [ann] = running(), people(1)
    row = {"contact_id": ann.pk, "score": 9, "external_id": "t-1"}
    first, again = sent(api, survey, row), sent(api, survey, row)
    assert first == again
    changed = sent(api, survey, {**row, "score": 4})
    assert (changed["taken"], Answer.objects.get().score) == (1, 4)
    Answer.objects.update(answered_at=NOW - timedelta(days=2))
    late = sent(api, survey, {**row, "score": 5}, {"score": 6})
    assert [one["taken"] for one in late["results"]] == [False, True]
    assert Answer.objects.filter(contact=ann).get().score == 4


def test_a_closed_survey_takes_none(api, begun):
    survey = running()
    lifecycle.close(survey, now=NOW)
    said = sent(api, survey, {"score": 9})
    assert (said["refused"], Customer.objects.count()) == (1, 0)


def test_four_questions_have_no_single_score(api, begun):
    survey = running("cxi")
    marks = {"effort": 5, "empathy": 5, "understanding": 4, "effectiveness": 1}
    said = sent(api, survey, {"score": 5}, {"marks": marks}, {"marks": {"effort": 5}})
    assert [one["taken"] for one in said["results"]] == [False, True, False]
    assert Answer.objects.get().score == 2


def test_answers_are_listed_by_day_group_contact_customer_and_care(api, begun):
    survey = running()
    ann, bob = people(2)
    old = (NOW - timedelta(days=3)).isoformat()
    sent(api, survey, {"contact_id": ann.pk, "score": 9, "answered_at": old}, {"contact_id": bob.pk, "score": 3})
    day = (NOW - timedelta(days=3)).date()
    asked = {
        "": [3, 9],
        f"?since={NOW.date()}": [3],
        f"?until={day}": [9],
        "?group=detractor": [3],
        f"?contact={ann.pk}": [9],
        f"?customer={ann.customer_id}": [3, 9],
        "?waiting=true": [3],
        "?q=nothing": [],
        "?owner=none": [3, 9],
    }
    found = {query: [row["score"] for row in api.rows(f"surveys/{survey.pk}/answers/{query}")] for query in asked}
    assert found == asked
    assert api.get(f"surveys/{survey.pk}/answers/?group=happy").status_code == 400
    assert [row["score"] for row in api.rows("answers/waiting/")] == [3]


def test_the_loop_is_closed_once_and_opened_again(api, make_key, maya, begun):
    survey, [ann] = running(), people(1)
    one = sent(api, survey, {"contact_id": ann.pk, "score": 2})["results"][0]
    path = f"answers/{one['customer_id']}/{one['answer_id']}/"
    closed = make_key(colleague=maya).post(f"{path}close-loop/", {"note": "Called, mended"})
    assert (closed.status_code, closed.json()["closed_by_id"]) == (200, maya.pk)
    assert (api.get(path).json(), api.rows("answers/waiting/")) == (closed.json(), [])
    assert api.post(f"{path}close-loop/", {"note": "Me too"}).status_code == 409
    assert faults(api.post(f"{path}close-loop/", {})) == {"note": "required"}
    assert api.delete(f"{path}close-loop/").status_code == 204
    assert api.get(path).json()["closed_at"] is None


def test_a_theme_is_put_on_and_taken_off(api, begun):
    survey, [ann] = running(), people(1)
    speed = Theme.objects.create(name="Speed", words=["slow"])
    one = sent(api, survey, {"contact_id": ann.pk, "score": 2, "comment": "Slower each day"})["results"][0]
    path = f"answers/{one['customer_id']}/{one['answer_id']}/"
    assert api.get(path).json()["themes"] == ["Speed"]
    assert api.delete(f"{path}themes/{speed.pk}/").status_code == 204
    assert api.get(path).json()["themes"] == []
    assert api.put(f"{path}themes/{speed.pk}/").json()["themes"] == ["Speed"]
    assert api.rows("themes/") == [{"id": speed.pk, "name": "Speed", "words": ["slow"]}]
    assert api.put(f"{path}themes/999999/").status_code == 404


def test_what_was_said_in_confidence_is_shown_by_no_address(api, begun):
    survey = running(is_confidential=True)
    ann, bob = people(2)
    body = {"contacts": [{"contact_id": ann.pk}], "via": "link"}
    asked = api.post(f"surveys/{survey.pk}/invitations/", body).json()["results"][0]
    [invitation] = survey.invitations.select_related("survey")
    answers.submit(invitation, {"score": ["2"]}, now=NOW)
    one = sent(api, survey, {"contact_id": bob.pk, "score": 2})["results"][0]
    refused = api.get(f"surveys/{survey.pk}/answers/")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_confidence")
    for answer in (one["answer_id"], asked["invitation_id"]):
        path = f"answers/{one['customer_id']}/{answer}/"
        assert (api.get(path).status_code, api.post(f"{path}close-loop/", {"note": "x"}).status_code) == (404, 404)
    assert api.rows("answers/waiting/") == []
    [row] = api.rows(f"surveys/{survey.pk}/invitations/")  # not Bob's: it would say that he answered
    assert (row["contact_id"], row["answered_at"], row["started_at"]) == (ann.pk, None, None)


def test_answers_of_others_customers_are_neither_seen_nor_given(api, make_key, lou, begun):
    survey = running()
    [ann] = people(1, customer=company("Acme"))
    one = sent(api, survey, {"contact_id": ann.pk, "score": 2})["results"][0]
    limited, path = make_key(colleague=lou), f"answers/{one['customer_id']}/{one['answer_id']}/"
    assert limited.rows(f"surveys/{survey.pk}/answers/") == limited.rows("answers/waiting/") == []
    assert limited.get(path).status_code == limited.post(f"{path}close-loop/", {"note": "x"}).status_code == 404
    rows = [{"email": ann.email, "score": 1}, {"customer_id": ann.customer_id, "score": 1}]
    assert sent(limited, survey, *rows)["refused"] == 2
    assert Contact.objects.count() == 1


def test_an_external_id_of_two_customers_is_two_answers(api, acme, begun):
    survey = running()
    ours = {"external_id": "r-1", "customer_id": acme.pk}
    other = {"external_id": "r-1", "customer_id": company("Other").pk}
    sent(api, survey, {**ours, "score": 9})
    said = sent(api, survey, {**other, "score": 1}, {"customer_id": acme.pk, "score": 5})
    assert [one["customer_id"] for one in said["results"]] == [other["customer_id"], acme.pk]
    assert {(row.customer_id, row.score) for row in Answer.objects.all()} == {
        (acme.pk, 9), (other["customer_id"], 1), (acme.pk, 5),
    }  # fmt: skip


def test_a_thousand_answers_of_nobody_ask_as_often_as_ten(api, begun):
    survey, counts = running(), []
    api.get("me/")
    for count in (1, 10, 1_000):
        with CaptureQueriesContext(connection) as asked:
            assert sent(api, survey, *[{"score": 9}] * count)["taken"] == count
        counts.append(len(asked))
    assert counts[2] <= counts[1] + 2  # PostgreSQL takes so many parameters in one statement
    assert Customer.objects.filter(provisional=True).count() == 1_011
