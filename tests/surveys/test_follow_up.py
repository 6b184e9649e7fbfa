"""When a follow-up was closed, by whom and what was done are one fact, which the database keeps."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from staff.models import Role
from surveys.answering import answers, follow_up
from surveys.models import Answer
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import invited, people

pytestmark = pytest.mark.django_db

OPEN = (None, None, "")


def test_who_closed_it_implies_when(answer, other, maya):
    refuses(answer, closed_by=maya)
    follow_up.close(answer, note="", by=maya, now=NOW)
    refuses(answer, closed_at=None)
    assert (state(answer), state(other)) == ((NOW, maya.pk, ""), OPEN)


def test_what_was_done_implies_when(answer, other):
    refuses(answer, closed_note="Called them")
    follow_up.close(answer, note="Called them", by=None, now=NOW)
    refuses(answer, closed_at=None)
    assert (state(answer), state(other)) == ((NOW, None, "Called them"), OPEN)


def test_when_stands_without_who(answer, maya):
    follow_up.close(answer, note="Called them", by=maya, now=NOW)
    maya.delete()
    assert state(answer) == (NOW, None, "Called them")


def test_reopening_forgets_all_three(answer, other, maya):
    for row in (answer, other):
        follow_up.close(row, note="Called them", by=maya, now=NOW)
    follow_up.reopen(answer)
    assert (state(answer), state(other)) == (OPEN, (NOW, maya.pk, "Called them"))


def refuses(answer, **values):
    """Assert that the database refuses to write the values into the answer's row."""
    with pytest.raises(IntegrityError, match="what_closed_an_answer_has_a_time"), transaction.atomic():
        Answer.objects.filter(id=answer.id).update(**values)


def state(answer):
    return Answer.objects.values_list("closed_at", "closed_by", "closed_note").get(id=answer.id)


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def both(survey, lead):
    people(2)
    return [
        answers.submit(invitation, {"score": ["2"]}, now=NOW + timedelta(minutes=1))
        for invitation in invited(survey, by=lead)
    ]


@pytest.fixture
def answer(both):
    return both[0]


@pytest.fixture
def other(both):
    return both[1]
