"""What a colleague sees on the customer list, and that its filter is closed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import Stage
from records.models import Contract
from scoring.models import EngagementBand, HealthBand
from tests.conftest import NOW
from tests.pages import cast

LIST = "/customers/"


def test_a_row_says_who_it_is_how_they_do_and_what_they_are_worth(page, maya):
    acme = cast.customer("Acme", stage=Stage.TRIAL, owner=maya, mrr=Decimal("1250.50"), currency="USD")
    cast.score(acme, engagement=6_290, health=4_999, health_band=HealthBand.RED, coverage=7_000)
    Contract.objects.create(
        customer=acme, name="Annual", currency="USD", starts_on="2025-07-01", renews_on=cast.TODAY + timedelta(days=16)
    )
    seen = page(LIST)
    assert f'<a href="/customers/{acme.pk}/"><bdi>Acme</bdi></a>' in seen
    for said in (
        "Trial",
        "Maya",
        "62",
        "Somewhat engaged",
        "49",
        "Red",
        "70% of data",
        "$1,250",
        "today",
        "1 Jul 2026",
    ):
        assert said in seen


def test_unknown_is_said_in_words_never_as_zero_or_none(page):
    cast.customer("Never scored")
    cast.score(
        cast.customer("Never did anything"),
        engagement=None,
        engagement_band=None,
        health=None,
        health_band=None,
        coverage=3_000,
        last_active_on=None,
    )
    seen = page(LIST)
    assert "not scored yet" in seen
    assert "No data" in seen
    assert "30% of data" in seen
    assert "None" not in seen


def test_an_ended_contract_and_one_of_the_past_do_not_renew(page):
    acme = cast.customer("Acme")
    terms = {"customer": acme, "currency": "EUR", "starts_on": "2024-01-01"}
    Contract.objects.create(name="Past", renews_on="2026-06-14", **terms)
    Contract.objects.create(name="Ended", renews_on="2026-06-20", ends_on="2026-06-01", **terms)
    Contract.objects.create(name="Ends before", renews_on="2026-07-10", ends_on="2026-07-05", **terms)
    Contract.objects.create(name="Later", renews_on="2026-09-01", **terms)
    Contract.objects.create(name="Next", renews_on="2026-08-01", **terms)
    seen = page(LIST)
    assert "1 Aug 2026" in seen
    assert "20 Jun 2026" not in seen and "10 Jul 2026" not in seen
    profile = page(f"/customers/{acme.pk}/")
    assert "renews 14 Jun 2026, yesterday" in profile
    assert "renews 10 Jul" not in profile and "renews 20 Jun" not in profile


def test_provisional_customers_are_in_no_list_and_archived_ones_only_when_asked_for(page):
    cast.customer("Somebody", provisional=True)
    assert "No customers yet" in page(LIST) and "No customers yet" in page(LIST, group="owner")
    cast.customer("Old friend", stage=Stage.ARCHIVED)
    seen = page(LIST)
    assert "Old friend" not in seen and "No customers yet" not in seen and "1 archived" in seen
    assert "Nobody is on trial or active" in seen and 'href="?stage=archived"' in seen
    assert "Old friend" in page(LIST, stage="archived")


@pytest.fixture
def five(maya):
    red = cast.customer("Red Ltd", domain="red.example", owner=maya)
    cast.score(
        red, health=1_000, health_band=HealthBand.RED, engagement=-300, engagement_band=EngagementBand.CHURN_RISK
    )
    green = cast.customer("Green GmbH", stage=Stage.TRIAL, second_owner=maya)
    cast.score(green, health=9_000, health_band=HealthBand.GREEN)
    churned = cast.customer("Gone SA", stage=Stage.CHURNED, churned_on=NOW.date(), owner=cast.colleague("Jonas"))
    cast.score(churned, health=None, health_band=None, coverage=0)
    cast.customer("100% pure_name")
    cast.customer("Новая компания")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ({"q": "red"}, {"Red Ltd"}),
        ({"q": "RED.EXAMPLE"}, {"Red Ltd"}),
        ({"q": "новая"}, {"Новая компания"}),
        ({"q": "%"}, set()),  # signs are no words
        ({"q": "e_na"}, set()),
        ({"q": "PURE-name"}, {"100% pure_name"}),
        ({"q": "novaya"}, {"Новая компания"}),
        ({"q": "nobody at all"}, set()),
        ({"stage": "trial"}, {"Green GmbH"}),
        ({"health": "red"}, {"Red Ltd"}),
        ({"health": "unknown"}, {"100% pure_name", "Новая компания"}),
        ({"health": "unknown", "stage": "all"}, {"Gone SA", "100% pure_name", "Новая компания"}),
        ({"stage": "churned"}, {"Gone SA"}),
        ({"churned": "yes"}, {"Gone SA"}),
        ({"q": "gone"}, set()),  # the head says that one is left out
        ({"stage": "followed"}, {"Red Ltd", "Green GmbH", "100% pure_name", "Новая компания"}),
        ({"engagement": "churn_risk"}, {"Red Ltd"}),
        ({"engagement": "unknown"}, {"100% pure_name", "Новая компания"}),
        ({"owner": "none"}, {"Green GmbH", "100% pure_name", "Новая компания"}),
        ({"owner": "maya"}, {"Red Ltd", "Green GmbH"}),
        ({"owner": "maya", "health": "green", "q": "g"}, {"Green GmbH"}),
        (
            {"q": "", "stage": "", "owner": "", "sort": ""},
            {"Red Ltd", "Green GmbH", "100% pure_name", "Новая компания"},
        ),
    ],
)
def test_each_filter_finds_whom_it_names(page, five, maya, question, names):
    if question.get("owner") == "maya":
        question = {**question, "owner": str(maya.pk)}
    seen = page(LIST, **question)
    everyone = {"Red Ltd", "Green GmbH", "Gone SA", "100% pure_name", "Новая компания"}
    assert {name for name in everyone if f"<bdi>{name}</bdi>" in seen} == names


@pytest.mark.parametrize(
    "question",
    [
        {"heath": "red"},
        {"health": "purple"},
        {"stage": "ACTIVE"},
        {"owner": "999999"},
        {"owner": "1 OR 1=1"},
        {"sort": "value"},
        {"sort": "owner__password"},
        {"score__health__lt": "10"},
        {"q": "a\0b"},
        {"q": "x" * 201},
    ],
)
def test_a_bad_question_finds_nobody_and_says_so(page, five, question):
    seen = page(LIST, **question)
    assert "This filter is not valid, so no customers are shown." in seen
    assert "Red Ltd" not in seen


def test_a_filter_given_twice_finds_nobody(page, five):
    assert "is given more than once" in page(f"{LIST}?health=red&health=green")


def test_names_are_text_not_markup(page):
    cast.customer("<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(LIST)


def test_the_head_of_a_sorted_column_says_so_and_turns_the_order(page, five):
    seen = page(LIST, sort="health", stage="trial")
    assert 'aria-sort="ascending"' in seen
    assert "?sort=-health&amp;stage=trial" in seen


def test_an_owner_filter_lists_colleagues_by_name(page, maya):
    cast.colleague("Anna")
    seen = page(LIST)
    assert seen.index(">Anna</option>") < seen.index(">Maya</option>")
