"""The customer's page and form say who set each field, and when."""

from datetime import timedelta

import pytest

from customers.models import Customer, FieldSource
from tests.conftest import NOW
from tests.pages.filled import form_of


@pytest.fixture
def described(acme):
    """Acme, whose plan and industry came by tracking calls a month ago."""
    by = ["server", (NOW - timedelta(days=31)).isoformat(), "00"]
    Customer.objects.update(plan="Pro", industry="Food", field_origins={"plan": by, "industry": by})
    return acme


def test_the_page_folds_away_who_set_what(page, described):
    seen = page(f"/customers/{described.pk}/")
    start = seen.index('<details class="origins">')
    apart = seen[start : seen.index("</details>", start)]
    assert "Where this comes from" in apart
    assert "<dt>Plan</dt> <dd> Tracking calls, <time" in apart
    assert "15 May 2026" in apart


def test_a_customer_of_whom_nothing_is_known_has_no_such_part(page, acme):
    Customer.objects.update(field_origins=None)
    assert "Where this comes from" not in page(f"/customers/{acme.pk}/")


def test_the_form_says_it_below_each_field_and_that_changes_hold(page, described):
    seen = page(f"/customers/{described.pk}/edit/")
    assert "What you change here stays" in seen
    assert seen.count("Tracking calls, 15 May 2026") == 2
    assert "What you change here stays" not in page("/customers/new/")


def test_what_a_colleague_changes_is_theirs_and_the_rest_stays_the_calls(client, described):
    path = f"/customers/{described.pk}/edit/"
    assert client.post(path, {**form_of(client, path), "plan": "Team"}).status_code == 302
    origins = {field: by[0] for field, by in Customer.objects.get().field_origins.items()}
    assert origins == {"plan": "staff", "industry": "server"}


def test_a_field_that_follows_another_source_is_locked_and_says_why(client, page, described):
    FieldSource.objects.create(field="plan", origin="server")
    path = f"/customers/{described.pk}/edit/"
    assert "An admin has set where this comes from: tracking calls." in page(path)
    assert client.post(path, {**form_of(client, path), "plan": "Team", "seats": "5"}).status_code == 302
    assert Customer.objects.values("plan", "seats").get() == {"plan": "Pro", "seats": 5}


def test_the_form_costs_one_query_to_ask_what_is_locked(client, described, django_assert_num_queries):
    path = f"/customers/{described.pk}/edit/"
    with django_assert_num_queries(8):  # the last is the bell's
        assert client.get(path).status_code == 200
