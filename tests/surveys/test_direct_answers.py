"""Answers nobody was asked for: by link, API, file; known by a signed id, else by nobody's name."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from customers.models import Contact, Customer, Identity, InputLog
from events.models import Event
from surveys import lifecycle
from surveys.answering import answers, direct_answers
from surveys.answering.direct_answers import IncomingAnswer
from surveys.models import Answer, Invitation, Via
from surveys.questionnaire.questions import InvalidAnswers
from surveys.sending import tokens
from tests.conftest import NOW
from tests.surveys.conftest import people

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_a_provisional_customer_and_a_link_to_change_their_answer(survey):
    answer, token = direct_answers.submit(survey, {"score": ["9"]}, contact=None, via=Via.LINK, now=NOW)
    assert answer.customer.provisional
    assert tokens.find(token, now=NOW).id == answer.id
    assert Event.objects.get().customer_id == answer.customer_id
    answers.submit(Invitation.objects.select_related("survey").get(), {"score": ["2"]}, now=NOW)
    assert Answer.objects.get().score == 2


def test_a_signed_id_is_a_contact_and_an_unsigned_one_is_nobody(survey):
    contact = people(1)[0]
    Identity.objects.create(kind="user", value="u-17", contact=contact)
    right = hmac.new(direct_answers.key_of(survey).encode(), b"u-17", hashlib.sha256).hexdigest()
    assert direct_answers.known("u-17", right, survey) == contact
    wrong = [("u-17", right[::-1]), ("u-18", right), ("", right), ("u-17\0", right), ("u-17", "é\ud800"), ("u-17", "")]
    for user_id, signature in wrong:
        assert direct_answers.known(user_id, signature, survey) is None


def test_the_same_external_id_is_one_answer_which_the_later_one_changes(survey):
    contact = people(1)[0]
    for score in (3, 3, 8):
        given = IncomingAnswer({"score": score}, NOW, contact=contact, external_id="x1")
        direct_answers.record(survey, [given], via=Via.API, now=NOW)
    assert Answer.objects.get().score == 8
    assert Event.objects.count() == 1


def test_past_answers_are_known_on_their_days_and_nobody_is_too_late(survey):
    first, second = people(2)
    then = NOW - timedelta(days=100)
    given = [
        IncomingAnswer({"score": 2}, then, contact=first, external_id="a"),
        IncomingAnswer({"score": 8}, then + timedelta(days=10), contact=second, external_id="b"),
    ]
    lifecycle.close(survey, now=NOW)
    direct_answers.record(survey, given, via=Via.IMPORT, now=NOW, history=True)
    logged = dict(InputLog.objects.filter(name="nps").values_list("known_on", "number"))
    assert logged == {then.date(): 2_000, (then + timedelta(days=10)).date(): 5_000}


def test_an_unhappy_answer_of_long_ago_needs_no_follow_up(survey):
    first, second = people(2)
    given = [
        IncomingAnswer({"score": 0}, NOW - timedelta(days=ago), contact=who) for ago, who in ((91, first), (89, second))
    ]
    old, recent = direct_answers.record(survey, given, via=Via.IMPORT, now=NOW, history=True)
    assert (old.group, old.needs_care) == ("detractor", False)
    assert recent.needs_care


def test_a_closed_survey_takes_no_new_answers(survey):
    lifecycle.close(survey, now=NOW)
    with pytest.raises(answers.Closed):
        direct_answers.submit(survey, {"score": ["9"]}, contact=None, via=Via.LINK, now=NOW)
    assert not Answer.objects.exists()
    assert not Customer.objects.filter(provisional=True).exists()
    assert not Contact.objects.exists()


def test_an_empty_or_wrong_answer_is_refused_before_anything_is_written(survey):
    for values in ({}, {"score": ["11"]}, {"like": ["x"]}):
        with pytest.raises(InvalidAnswers):
            direct_answers.submit(survey, values, contact=None, via=Via.LINK, now=NOW)
    assert not Invitation.objects.exists()
