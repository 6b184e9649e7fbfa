"""Each filter and each order of the customer list finds exactly whom it should."""

from datetime import timedelta

import pytest

from customers import attention, segments
from customers.models import Contact, Customer, Identity, Stage
from desk.list.filters import CustomerFilter
from desk.list.orders import ORDERS
from records.models import Note
from scoring.models import EngagementBand, HealthBand
from staff.models import Team
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def portfolio(maya):
    """Four customers as different as can be, a churned and an archived one."""
    north = Team.objects.create(name="North")
    globex = cast.customer(
        "Globex", domain="globex.example", owner=maya, team=north, plan="Business", industry="Energy", country="France",
        tags=["vip", "beta"], mrr=100,
    )  # fmt: skip
    cast.score(globex, monthly_value=100, renews_on=cast.TODAY + timedelta(days=30), health=6_000)
    initech = cast.customer("Initech", stage=Stage.TRIAL, plan="business", country="Chad", tags=["vi"])
    cast.score(
        initech, monthly_value=0, renews_on=cast.TODAY, health=2_000, health_band=HealthBand.RED, at_risk=True,
        engagement=-100, engagement_band=EngagementBand.CHURN_RISK,
    )  # fmt: skip
    umbrella = cast.at_risk("Umbrella", monthly_value=250, renews_on=None)
    attention.snooze(umbrella, until=cast.TODAY, reason="On holiday", now=NOW, by=maya)
    cast.customer("Never scored", plan="Free")
    cast.customer("Gone", stage=Stage.CHURNED, churned_on=cast.TODAY)
    cast.customer("Old", stage=Stage.ARCHIVED, churned_on=cast.TODAY, plan="Business")
    person = Contact.objects.create(customer=globex, name="Zoë Quill", email="zoe@mail.example", created_at=NOW)
    Identity.objects.create(kind="company", value="crm-77", customer=initech)
    Identity.objects.create(kind="user", value="u-9", contact=person)
    return {"north": str(north.pk), "maya": str(maya.pk)}


def found(**question):
    return {customer.name for customer in asked(**question).qs}


def asked(**question):
    return CustomerFilter(question, queryset=Customer.objects.known(), today=cast.TODAY)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ({"q": "globex"}, {"Globex"}),
        ({"q": "Globx"}, {"Globex"}),  # a letter is missing
        ({"q": "initekh"}, {"Initech"}),  # a letter is wrong
        ({"q": "EXAMPLE"}, {"Globex"}),
        ({"q": "zoë"}, {"Globex"}),
        ({"q": "mail.ex"}, {"Globex"}),
        ({"q": "crm-77"}, {"Initech"}),
        ({"q": "crm-7"}, {"Initech"}),  # an id is found whole, and by its beginning
        ({"q": "rm-7"}, set()),
        ({"q": "u-9"}, {"Globex"}),
        ({"team": "north"}, {"Globex"}),
        ({"team": "none", "stage": "trial"}, {"Initech"}),
        ({"owner": "maya"}, {"Globex"}),
        ({"plan": "BUSINESS"}, {"Globex", "Initech"}),
        ({"plan": "Busines"}, set()),
        ({"industry": "energy"}, {"Globex"}),
        ({"country": "chad"}, {"Initech"}),
        ({"tag": "vip"}, {"Globex"}),
        ({"mrr_from": "100"}, {"Globex", "Umbrella"}),
        ({"mrr_from": "0"}, {"Globex", "Initech", "Umbrella"}),  # unknown is not 0
        ({"mrr_to": "100"}, {"Globex", "Initech"}),
        ({"mrr_from": "0.01", "mrr_to": "249.99"}, {"Globex"}),
        ({"renews_within": "0"}, {"Initech"}),
        ({"renews_within": "29"}, {"Initech"}),
        ({"renews_within": "30"}, {"Globex", "Initech"}),
        ({"at_risk": "yes"}, {"Initech"}),
        ({"at_risk": "no"}, {"Globex", "Umbrella", "Never scored", "Gone"}),
        ({"resting": "yes"}, {"Umbrella"}),
        ({"resting": "no"}, {"Globex", "Initech", "Never scored", "Gone"}),
        ({"churned": "yes"}, {"Gone", "Old"}),
        ({"churned": "no"}, {"Globex", "Initech", "Umbrella", "Never scored"}),
        ({"engagement": "churn_risk", "health": "red", "q": "ini"}, {"Initech"}),
        ({}, {"Globex", "Initech", "Umbrella", "Never scored", "Gone"}),
    ],
)
def test_a_filter_finds_exactly_whom_it_should(portfolio, question, names):
    assert found(**{name: portfolio.get(value, value) for name, value in question.items()}) == names


@pytest.mark.parametrize(
    "question",
    [
        {"plans": "Business"},
        {"team": "999999"},
        {"mrr_from": "lots"},
        {"mrr_to": "1e400"},
        {"mrr_from": "NaN"},
        {"renews_within": "-1"},
        {"renews_within": "3651"},
        {"renews_within": "9" * 5_000},
        {"resting": "maybe"},
        {"at_risk": "1"},
        {"churned": "true"},
        {"tag": "x" * 51},
        {"plan": "a\0b"},
        {"columns": ["health", "password"]},
        {"sort": "-owner"},
    ],
)
def test_a_misspelt_name_and_a_bad_value_find_nobody_and_say_so(portfolio, question):
    assert found(**question) == set()
    assert asked(**question).errors


def test_nobody_is_found_through_a_contact_of_somebody_elses_customer(portfolio, client):
    lou = cast.colleague("Lou", is_limited=True)
    client.force_login(lou)
    assert "Globex" not in client.get("/customers/", {"q": "zoe@mail.example"}).content.decode()
    assert "Globex" not in client.get("/search/", {"q": "zoe@mail.example"}).content.decode()


COLUMNS = {
    "health": "health",
    "health_change_7": "health_change_7",
    "health_change_30": "health_change_30",
    "engagement": "engagement",
    "engagement_change_7": "engagement_change_7",
    "engagement_change_30": "engagement_change_30",
    "mrr": "monthly_value",
    "renewal": "renews_on",
    "last_active": "last_active_on",
}
VALUES = {
    "renews_on": [cast.TODAY + timedelta(days=n) for n in (1, 2, 3)],
    "last_active_on": [cast.TODAY - timedelta(days=n) for n in (3, 2, 1)],
}


@pytest.mark.parametrize("order", sorted({"name", *COLUMNS}))
def test_an_order_goes_up_or_down_and_what_is_unknown_comes_last(begun, order):
    column = COLUMNS.get(order)
    for name, at in (("A", 0), ("B", 1), ("C", 2)):
        customer = cast.customer(name)
        if column:
            cast.score(customer, **{column: VALUES.get(column, [100, 200, 300])[at]})
    if column:
        unknown = {"engagement": "engagement_band", "health": "health_band"}.get(column)
        cast.score(cast.customer("D"), **{column: None, **({unknown: None} if unknown else {})})
    last = ["D"] if column else []
    assert listed(order) == ["A", "B", "C", *last]
    assert listed(f"-{order}") == ["C", "B", "A", *last]


def listed(order):
    rows = ORDERS[order].rows(asked(sort=order).qs.select_related("score"), None, 50)
    return [customer.name for customer in rows]


def test_a_closed_day_knows_no_contact_after_it(begun, maya):
    """The close of a day runs after it: who is called meanwhile was not contacted by then."""
    acme, yesterday = cast.customer("Acme"), cast.TODAY - timedelta(days=1)
    Note.objects.create(customer=acme, kind="call", text="x", at=NOW, author=maya)
    for query, then, now in (
        ({"no_contact_for": "5"}, {acme}, set()),
        ({"contacted_since": "2026-06-01"}, set(), {acme}),
    ):
        assert set(segments.matching(query, Customer.objects.known(), closed_on=yesterday)) == then
        assert set(segments.matching(query, Customer.objects.known())) == now
