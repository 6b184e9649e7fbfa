"""The page and the API answer the same question the same: the same customers, and nobody for a bad question."""

import pytest
from django import forms

from customers.models import Customer
from desk.list.filters import CustomerFilter, OwnerFilter
from desk.list.list_filter import as_segment
from scoring.models import EngagementBand, HealthBand
from tests.pages import cast

SOMETHING = {forms.IntegerField: ["1", "100"], forms.DateField: ["2026-06-15"], forms.BooleanField: ["on", "true"]}
WORDS = ["Acme", "acme 1", "t1"]
BAD = ["nonsense", "\0", "-1", "9" * 400, "é", "' OR 1=1"]


@pytest.fixture
def portfolio(maya):
    """Customers that differ in whatever can be asked for."""
    bob = cast.colleague("Bob")
    stages = ["trial", "active", "archived", "active", "active", "churned"]
    for n, stage in enumerate(stages):
        churned = {"churned_on": cast.TODAY} if stage == "churned" else {}
        owner = [maya, bob, None][n % 3]
        customer = cast.customer(f"Acme {n}", stage=stage, owner=owner, mrr=n * 100, tags=[f"t{n % 2}"], **churned)
        if n:
            cast.score(
                customer,
                health=n * 1_500,
                health_band=HealthBand.values[n % 3],
                engagement=n * 900,
                engagement_band=EngagementBand.values[n],
                at_risk=n % 2 == 1,
                urgency=n,
            )
    return Customer.objects.all()


def questions(filter_class, portfolio):
    """Yield one query for each value of each field, and each bad value."""
    asked = filter_class({}, queryset=portfolio)
    for name, field in asked.form.fields.items():
        if isinstance(field, forms.ChoiceField):
            flat = [(v, w) for v, w in field.choices if not isinstance(w, list | tuple)]
            values = [str(value) for value, _words in flat if value != ""]
        else:
            values = next(
                (some for kind, some in SOMETHING.items() if isinstance(field, kind)), ["Acme", "acme 1", "t1"]
            )
        for value in [*values, *BAD]:
            yield {name: value}


def on_page(client, path, query):
    """Return the ids of the customers that the page shows, in order, and whether it complains; how many in groups."""
    answer = client.get(path, query)
    assert answer.status_code == 200
    if "groups" in answer.context:
        return answer.context["sums"].customers, False
    rows = [row.pk for row in answer.context["page"].rows]
    text = answer.content.decode()
    assert all(f'href="/customers/{pk}/"' in text for pk in rows)
    return rows, not answer.context["filter"].is_valid()


LISTS = [
    ("/customers/", "/api/v1/customers/", CustomerFilter, lambda row: row["id"]),
    ("/at-risk/", "/api/v1/at-risk/", OwnerFilter, lambda row: row["customer"]["id"]),
]


@pytest.mark.parametrize(("page", "address", "filter_class", "id_of"), LISTS)
def test_every_filter_finds_the_same_customers_on_the_page_and_in_the_api(
    client, maya, portfolio, page, address, filter_class, id_of
):
    client.force_login(maya)
    some = False
    for query in questions(filter_class, portfolio):
        seen, complains = on_page(client, page, query)
        # What the page leaves out by itself, the API is asked to leave out (decision 55).
        answer = client.get(address, as_segment(query) if filter_class is CustomerFilter else query)
        if complains:
            assert (answer.status_code, seen) == (400, []), query
        else:
            assert answer.status_code == 200, (query, answer.content)
            found = [id_of(row) for row in answer.json()["results"]]
            assert seen in (found, len(found)), query
            some = some or bool(seen)
    assert some, "no question found anybody: the test looks in the wrong place"


@pytest.mark.parametrize(("page", "address", "_filter", "_id"), LISTS)
@pytest.mark.parametrize("query", ["stagee=active", "ownr=1", "q=a&q=b", "limit=5", "owner=1&owner=2"])
def test_a_misspelt_or_repeated_name_finds_nobody_on_the_page_and_is_an_error_in_the_api(
    client, maya, portfolio, page, address, _filter, _id, query
):
    client.force_login(maya)
    answer = client.get(f"{page}?{query}")
    assert answer.status_code == 200
    assert answer.context["page"].rows == []
    assert answer.context["filter"].errors
    refused = client.get(f"{address}?{query}")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_the_walk_covers_every_field_of_the_filter(portfolio):
    asked = {name for query in questions(CustomerFilter, portfolio) for name in query}
    assert asked == set(CustomerFilter.base_filters)
