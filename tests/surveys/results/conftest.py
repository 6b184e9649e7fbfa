"""Surveys with answers, as if everybody had sent their form."""

from datetime import timedelta

import pytest
import time_machine

from staff.models import Role
from surveys.answering import direct_answers
from surveys.models import Via
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import people


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def page(client, maya):
    """Open a page as Maya and return what she sees, with white space folded and tags kept."""
    client.force_login(maya)

    def look(path, status=200, **query):
        response = client.get(path, query)
        assert response.status_code == status, response.content[:500]
        return " ".join(response.content.decode().split())

    return look


def answered(survey, *marks, ago=1, contacts=None, customer=None, start=0):
    """Write answers, one a contact: a score, or a dictionary of marks. Return them."""
    contacts = contacts or people(len(marks), customer=customer, start=start)
    given = [
        direct_answers.IncomingAnswer(
            given_marks if isinstance(given_marks, dict) else {"score": given_marks},
            NOW - timedelta(days=ago),
            contact=contact,
        )
        for given_marks, contact in zip(marks, contacts, strict=True)
    ]
    return direct_answers.record(survey, given, via=Via.API, now=NOW, history=ago > 1)
