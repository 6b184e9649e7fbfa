"""Survey pages make as many queries for ten rows as for many, in the view and in its templates: both are pinned."""

import pytest

from customers.models import Contact
from surveys import lifecycle
from surveys.models import Survey, Wave
from tests.conftest import NOW
from tests.pages.test_query_counts import multiply
from tests.queries import page_queries
from tests.surveys.conftest import people, running

FEW = 10
PAGES = {  # (view, templates)
    "/surveys/": (5, 0),
    "/surveys/new/": (2, 0),
    "/surveys/{running}/": (4, 0),
    "/surveys/{draft}/": (4, 0),
    "/surveys/{draft}/edit/": (3, 0),
    "/surveys/{running}/edit/": (3, 0),
    "/surveys/{draft}/start/": (3, 0),
    "/surveys/{running}/preview/": (4, 0),
    "/surveys/{running}/preview/fr/page/": (4, 0),
    "/surveys/{running}/preview/fr/mail/": (4, 0),
    # The form reads segments and event types to choose from as it renders: so many, however many there are.
    "/surveys/{running}/send/": (5, 2),
    "/surveys/{running}/send/?rule=once&plan=pro": (8, 2),
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


def queries(client, places):
    return {path: tuple(page_queries(client, path.format(**places))) for path in PAGES}


def test_pages_make_as_many_queries_for_ten_as_for_ten_thousand(as_lead, places):
    assert queries(as_lead, places) == PAGES
    multiply(Contact, name="name || n")
    multiply(Wave)
    draft = Survey.objects.get(pk=places["draft"])
    for _n in range(FEW):
        lifecycle.copy(draft, now=NOW, by=None)
        lifecycle.close(running(), now=NOW)
    assert queries(as_lead, places) == PAGES
