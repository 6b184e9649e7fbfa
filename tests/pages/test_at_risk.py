"""The landing page: who needs us today, why, and what they pay."""

from datetime import timedelta
from decimal import Decimal

from customers import attention
from records.models import Contract
from scoring.models import EngagementBand, ScoringModel
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

PAGE = "/at-risk/"


def test_the_most_urgent_comes_first_with_reasons_and_what_it_pays(page, maya):
    acme = cast.at_risk(
        "Acme",
        pays="600",
        urgency=Decimal(960),
        mrr=Decimal(600),
        owner=maya,
        renews_soon=True,
        engagement=3_100,
        engagement_before=6_240,
        engagement_band=EngagementBand.VERY_DISENGAGED,
    )
    cast.at_risk("Small", pays="900", urgency=Decimal(720), mrr=Decimal(900))
    cast.counted(acme, "Order completed", 41, 50, 59, 68)
    Contract.objects.create(
        customer=acme, name="Annual", currency="EUR", starts_on="2025-08-01", renews_on=cast.TODAY + timedelta(days=47)
    )
    seen = page(PAGE)
    assert seen.index("Acme") < seen.index("Small")
    for said in (
        "engagement 62 → 31 in 14 days",
        "no purchase for 41 days (usually every 9 days)",
        "<strong>€600</strong>",
        "near renewal: higher in the list",
        "1 Aug 2026",
        "in 47 days",
        "Maya",
    ):
        assert said in seen
    assert "960" not in seen
    assert seen.count("near renewal: higher in the list") == 1


def test_what_a_customer_pays_in_another_currency_is_said_in_both(page, begun):
    cast.at_risk("Acme", pays="90", mrr=Decimal(100), currency="USD")
    cast.at_risk("Nobody knows", pays=None, mrr=Decimal(70), currency="CHF")
    seen = page(PAGE)
    assert '<strong>€90</strong> <span class="under">$100</span>' in seen
    assert '<strong>–</strong> <span class="under">CHF70, no exchange rate</span>' in seen.replace("\xa0", "")


def test_the_head_says_how_many_and_how_much(page):
    cast.at_risk("One", pays="1000.40")
    cast.at_risk("Two", pays="234.20")
    cast.at_risk("Unknown value", pays=None)
    cast.score(cast.customer("Well"), urgency=Decimal(50_000))
    seen = page(PAGE)
    assert "<dt>Customers at risk</dt><dd>3</dd>" in seen
    assert "€1,235" in seen
    assert "without 1 of unknown value" in seen
    assert "Well" not in seen


def test_of_more_than_a_thousand_the_totals_load_apart_and_without_scripts_are_a_link_away(page, maya, monkeypatch):
    monkeypatch.setattr("desk.at_risk.totals.MANY", 2)  # stands in for the thousand
    for name, owner in (("One", maya), ("Two", maya), ("Three", None)):
        cast.at_risk(name, pays="1000.40", owner=owner)
    seen = page(PAGE)
    assert "<dd> more than 2 </dd>" in seen
    assert 'hx-get="/at-risk/totals/"' in seen
    assert '<a href="/at-risk/totals/">' in seen
    assert "€3,001" not in seen
    assert "<dd> €3,001 </dd>" in page("/at-risk/totals/")
    assert "<dd> €2,001 </dd>" in page(PAGE, owner=str(maya.pk))
    assert "<dd> €2,001 </dd>" in page("/at-risk/totals/", owner=str(maya.pk))
    assert "so no customers are shown" in page("/at-risk/totals/", owner="x")


def test_the_totals_leave_out_who_rests_and_whom_the_reader_may_not_see(page, maya, client):
    snoozed = cast.at_risk("Snoozed", pays="500", owner=maya)
    cast.at_risk("One", pays="1000", owner=maya)
    cast.at_risk("Two", pays="234")
    attention.handle(snoozed, reason="Called", now=NOW, by=maya)
    assert "<dt>Customers at risk</dt><dd>2</dd>" in page("/at-risk/totals/").replace("> <", "><")
    assert "<dd> €1,234 </dd>" in page("/at-risk/totals/")
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    cast.at_risk("Lou’s", pays="7", owner=lou)
    client.force_login(lou)
    assert "<dd> €7 </dd>" in " ".join(client.get("/at-risk/totals/").content.decode().split())


def test_what_nobody_knows_the_value_of_is_not_worth_nought(page):
    assert "<dd> €0 </dd>" in page(PAGE)
    cast.at_risk("Unknown value", pays=None)
    seen = page(PAGE)
    assert "<dd> – <span" in seen
    assert "€0" not in seen


def test_who_is_placed_by_a_typical_value_is_worth_none(page):
    cast.at_risk("Acme", pays=None, urgency=Decimal(500), value_is_typical=True)
    seen = page(PAGE)
    assert "value unknown: placed as a typical customer" in seen
    assert "€500" not in seen


def test_mine_shows_mine_and_the_link_back_shows_all(page, maya):
    cast.at_risk("Mine", owner=maya)
    cast.at_risk("Not mine")
    assert f'href="?owner={maya.pk}"' in page(PAGE)
    seen = page(PAGE, owner=str(maya.pk))
    assert "<bdi>Mine</bdi>" in seen
    assert "<bdi>Not mine</bdi>" not in seen


def test_a_bad_question_finds_nobody_and_says_so(page):
    cast.at_risk("Acme")
    for question in ({"owner": "x"}, {"ownr": "1"}, {"sort": "name"}):
        seen = page(PAGE, **question)
        assert "so no customers are shown" in seen
        assert "Acme" not in seen
        assert "€" not in seen  # no number either: nobody was asked for
        assert f'<a href="{PAGE}">Clear filters</a>' in seen


def test_a_good_day_is_told_only_when_somebody_was_looked_at(page):
    assert "No customers yet" in page(PAGE)
    acme = cast.customer("Acme")
    assert "Not scored yet" in page(PAGE)
    cast.score(acme)
    assert "No customers at risk today" in page(PAGE)


def test_without_a_published_model_the_page_says_what_is_missing(client, db):
    client.force_login(cast.colleague("Maya"))
    assert not ScoringModel.objects.exists()
    assert "An admin has to publish a scoring model first." in client.get(PAGE).content.decode()


def test_old_scores_are_called_old(page):
    cast.at_risk("Fresh")
    assert "scoring has stopped" not in page(PAGE)
    cast.at_risk("Stale", as_of=cast.TODAY - timedelta(days=3))
    assert "Some of these scores are of 12 Jun 2026" in page(PAGE)
