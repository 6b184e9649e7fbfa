"""Owners are told of unhappy answers from their customers, and no longer than somebody has to follow up."""

from datetime import timedelta

import pytest

from core.notices import reading
from customers import lifecycle
from customers.curation import removals
from customers.models import Customer
from staff.models import Role
from surveys.answering import answers, follow_up
from surveys.answering.answers import AnswerData
from tests.conftest import NOW
from tests.core.notices.conftest import texts
from tests.pages import cast
from tests.surveys.conftest import company, invited, people, running

pytestmark = pytest.mark.django_db
UNHAPPY, HAPPY = {"score": ["2"]}, {"score": ["10"]}


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def lou(begun):
    return cast.colleague("Lou", Role.CSM, is_limited=True)


@pytest.fixture
def acme(maya, lou):
    return company("Acme", owner_id=maya.pk, second_owner_id=lou.pk)


def answered(survey, maya, customer, *values, start=0):
    people(len(values), customer=customer, start=start)
    asked = [row for row in invited(survey, by=maya) if row.customer_id == customer.pk]
    return [answers.submit(row, marks, now=NOW) for row, marks in zip(asked, values, strict=True)]


def test_owner_and_second_owner_are_told_of_an_unhappy_answer_and_of_no_other(survey, maya, lou, acme):
    stranger = cast.colleague("Cem", Role.CSM)
    answered(survey, maya, acme, UNHAPPY, HAPPY)
    assert texts(maya) == texts(lou) == ["Unhappy answer from Acme"]
    assert texts(stranger) == []


def test_it_is_gone_once_it_was_followed_up_and_there_again_when_reopened(survey, maya, acme):
    [answer] = answered(survey, maya, acme, UNHAPPY)
    follow_up.close(answer, note="Called", by=maya, now=NOW)
    assert texts(maya) == [] and reading.unread(maya) == 0
    follow_up.reopen(answer)
    assert texts(maya) == ["Unhappy answer from Acme"]


def test_an_answer_that_is_changed_is_told_once_and_a_happier_one_is_gone(survey, maya, acme):
    people(1, customer=acme)
    [invitation] = invited(survey, by=maya)
    for marks in (UNHAPPY, {"score": ["3"]}):
        answers.submit(invitation, marks, now=NOW)
    assert texts(maya) == ["Unhappy answer from Acme"]
    answers.submit(invitation, HAPPY, now=NOW)
    assert texts(maya) == []


def test_a_confidential_survey_tells_nobody(maya, acme):
    answered(running(is_confidential=True), maya, acme, UNHAPPY)
    assert texts(maya) == []


def test_what_is_brought_as_history_tells_nobody(survey, maya, acme):
    people(1, customer=acme)
    [invitation] = invited(survey, by=maya)
    answers.write(survey, [AnswerData(invitation, {"score": 1}, NOW - timedelta(days=1))], now=NOW, history=True)
    assert texts(maya) == []


def test_answers_that_come_at_once_are_one_notice(survey, maya, acme):
    people(3, customer=acme)
    rows = [AnswerData(invitation, {"score": 1}, NOW) for invitation in invited(survey, by=maya)]
    answers.write(survey, rows, now=NOW)
    assert texts(maya) == ["3 unhappy answers from your customers"]


def test_who_lost_sight_of_the_customer_is_told_nothing_of_it(survey, maya, lou, acme):
    answered(survey, maya, acme, UNHAPPY)
    lifecycle.edit({acme.pk: {"second_owner_id": None}}, now=NOW, by=maya)
    assert texts(lou) == [] and reading.unread(lou) == 0
    removals.customer(Customer.objects.get(pk=acme.pk), reason="A test", now=NOW, by=None)
    assert texts(maya) == []
