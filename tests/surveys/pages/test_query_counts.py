"""A page of surveys asks as often for ten as for many. The numbers are pinned."""

import pytest

from customers.models import Contact
from surveys import lifecycle
from surveys.models import Survey, Wave
from tests.conftest import NOW
from tests.pages.test_query_counts import multiply, queries
from tests.surveys.conftest import people, running

FEW = 10
PAGES = {
    "/surveys/": 5,
    "/surveys/new/": 2,
    "/surveys/{running}/": 4,
    "/surveys/{draft}/": 4,
    "/surveys/{draft}/edit/": 3,
    "/surveys/{running}/edit/": 3,
    "/surveys/{draft}/start/": 3,
    "/surveys/{running}/preview/": 3,
    "/surveys/{running}/preview/fr/page/": 3,
    "/surveys/{running}/preview/fr/mail/": 3,
    "/surveys/{running}/send/": 7,
    "/surveys/{running}/send/?rule=once&plan=pro": 10,
}


@pytest.fixture
def places(colleagues):
    for i in range(FEW):
        lifecycle.close(running(name=f"Closed {i}"), now=NOW)
        draft = lifecycle.create("nps", name=f"Draft {i}", now=NOW, by=colleagues["lead"])
        survey = running(name=f"Running {i}")
    people(FEW, customer=None)
    Wave.objects.bulk_create(
        Wave(survey=survey, rule="drip", by=colleagues["lead"], starts_at=NOW) for _n in range(FEW)
    )
    return {"running": survey.pk, "draft": draft.pk}


def asked(client, places):
    return {path: len(queries(client, path.format(**places))) for path in PAGES}


def test_pages_ask_as_often_for_ten_as_for_ten_thousand(as_lead, places):
    assert asked(as_lead, places) == PAGES
    multiply(Contact, name="name || n")
    multiply(Wave)
    draft = Survey.objects.get(pk=places["draft"])
    for _n in range(FEW):
        lifecycle.copy(draft, now=NOW, by=None)
        lifecycle.close(running(), now=NOW)
    assert asked(as_lead, places) == PAGES
