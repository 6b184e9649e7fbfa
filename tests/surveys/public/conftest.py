"""Somebody with a personal link, and a browser in which nobody is signed in. Time stands still at NOW."""

import pytest
import time_machine
from django.test import Client

from surveys.sending import tokens
from tests.conftest import NOW
from tests.surveys.conftest import invited, people


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kim(survey):
    """A contact who reads English."""
    return people(1, locale="en")[0]


@pytest.fixture
def invitation(survey, kim, lead):
    return invited(survey, by=lead)[0]


@pytest.fixture
def link(invitation):
    """The address of a personal link."""
    return f"/s/{tokens.make(invitation, now=NOW)}/"


@pytest.fixture
def stranger():
    return Client()


@pytest.fixture
def look(stranger):
    """Open an address; return what is seen, white space folded."""

    def seen(path, status=200, **more):
        answer = stranger.get(path, **more)
        assert answer.status_code == status, answer.content[:500]
        return " ".join(answer.content.decode().split())

    return seen
