"""Sums and groups of the list, who is left out of it, and that they agree with the portfolio."""

import csv
import html
import io
import re
from decimal import Decimal

import pytest
from django.http import QueryDict

from customers import segments
from customers.models import AttributeDefinition, Customer, Stage
from desk.list import groups, list_filter, sums
from desk.list.filters import CustomerFilter
from desk.list.list_filter import ListFilter
from desk.portfolio import page as portfolio
from desk.portfolio.filters import PortfolioFilter
from scoring.models import HealthBand
from tests.conftest import NOW
from tests.pages import cast

LIST = "/customers/"
RULE = (
    '{"any":[{"kind":"tag","parameters":{"has":"yes","tag":"vip"}},{"kind":"stage","parameters":{"stage":"active"}}]}'
)


@pytest.fixture
def book(maya):
    AttributeDefinition.objects.create(key="tier", label="Tier", type="option", options=["Gold", "Silver"])
    jonas = cast.colleague("Jonas")
    acme = cast.at_risk("Acme", pays="100", owner=maya)
    acme.plan, acme.attributes = "Pro", {"tier": "gold"}
    acme.save()
    umbrella = cast.at_risk("Umbrella", pays=None, owner=jonas)
    umbrella.plan, umbrella.attributes = "PRO", {"tier": "Bronze"}
    umbrella.save()
    calm = cast.customer("Calm", owner=maya, second_owner=jonas, stage=Stage.TRIAL, attributes={"tier": "Silver"})
    cast.score(calm, health=9_001, health_band=HealthBand.GREEN, monthly_value=Decimal("50.25"))
    cast.customer("Never scored")
    gone = cast.customer("Gone", stage=Stage.CHURNED, churned_on=cast.TODAY, owner=maya, plan="Pro")
    cast.score(gone, health=1_000, health_band=HealthBand.RED, monthly_value=Decimal(900), at_risk=False)
    cast.customer("Old", stage=Stage.ARCHIVED)


def listed(**question):
    data = QueryDict(question.pop("query", ""), mutable=True)
    data.update(question)
    filterset = ListFilter(data, queryset=Customer.objects.known())
    assert filterset.is_valid(), filterset.errors
    return filterset


def test_they_say_of_how_many_each_is_known(book):
    found = sums.of_all(listed().qs)
    assert (found.customers, found.followed, found.revenue, found.unknown) == (4, 4, Decimal("150.25"), 2)
    assert (found.health, found.health_known) == ((2_000 + 2_000 + 9_001) // 3, 3)
    assert (found.at_risk, found.revenue_at_risk, found.unknown_at_risk) == (2, 100, 1)


def test_who_left_pays_nothing_and_is_in_no_mean(book):
    found = sums.of_all(listed(stage="churned").qs)
    assert (found.customers, found.followed, found.revenue, found.health, found.at_risk) == (1, 0, 0, None, 0)


def test_the_page_says_them_and_who_is_left_out(page, book):
    seen = page(LIST)
    assert "4 customers" in seen and "of 4, 2 without a value" in seen and "known for 3 of 4" in seen
    assert '<a href="?stage=churned">1 churned</a>' in seen and '<a href="?stage=archived">1 archived</a>' in seen
    assert "left out" not in page(LIST, stage="all") and "Gone" in page(LIST, stage="all")
    assert "1 of them" not in seen and "4 of them on trial or active" in page(LIST, stage="all")


def test_from_a_thousand_on_they_are_loaded_apart(page, book, monkeypatch):
    monkeypatch.setattr(sums, "MANY", 2)
    seen = page(LIST)
    assert 'hx-get="/customers/totals/?"' in seen and "of 4, 2 without" not in seen
    assert "of 4, 2 without a value" in page(f"{LIST}totals/")
    assert "This filter is not valid" in page(f"{LIST}totals/", heath="red")
    assert re.search('left out: <a href="[?]stage=churned">Churned</a>, <a href="[?]stage=archived">Archived</a>', seen)
    monkeypatch.setattr(sums, "MANY", 5)
    monkeypatch.setattr(list_filter, "MANY", 1)
    assert "more than 1,000 customers who left" in page(LIST)


@pytest.mark.parametrize(
    "speaks",
    ["stage=all", "churned=yes", "followed=no", f"rule={RULE}", 'rule={"all":[{"kind":"attribute","parameters":'
     '{"attribute":"churned_on","operator":"known"}}]}'],
)  # fmt: skip
def test_what_speaks_of_those_who_left_finds_them_as_a_segment_does(book, speaks):
    mine, theirs = listed(query=speaks), CustomerFilter(QueryDict(speaks), queryset=Customer.objects.known())
    assert set(mine.qs) == set(theirs.qs)
    assert mine.left_out() == list_filter.LeftOut(0, 0)


@pytest.mark.parametrize(
    "query", ["plan=pro", "plan=pro&stage=all", "plan=pro&stage=churned", "plan=pro&stage=followed"]
)
def test_a_segment_means_whom_the_list_showed(book, maya, query):
    filterset = listed(query=query)
    segment = segments.save("Kept", filterset.as_segment, by=maya, is_shared=False, now=NOW)
    assert set(segments.members(segment, maya)) == set(filterset.qs)
    again = listed(query=segment.as_query)
    assert set(again.qs) == set(filterset.qs)
    assert segments.same([segment], again.as_segment) == segment


def test_a_segment_from_before_keeps_those_who_churned(book, maya):
    segment = segments.save("Old way", {"plan": "pro"}, by=maya, is_shared=False, now=NOW)
    names = {"Acme", "Umbrella", "Gone"}
    assert {one.name for one in segments.members(segment, maya)} == names
    assert {one.name for one in listed(query=segment.as_query).qs} == names


@pytest.mark.parametrize("by", ["owner", "team", "stage", "plan", "industry", "country", "health", "attributes.tier"])
@pytest.mark.parametrize("query", ["", "stage=all", "owner=none", f"rule={RULE}"])
def test_groups_add_up_and_each_opens_exactly_its_customers(book, by, query):
    filterset = ListFilter(QueryDict(f"{query}&group={by}"), queryset=Customer.objects.known())
    assert filterset.is_valid(), filterset.errors
    found = groups.load(filterset)
    assert sums.add(group.sums for group in found) == sums.of_all(filterset.qs)
    for group in found:
        assert group.query, group
        assert sums.of_all(listed(query=group.query).qs) == group.sums, group


def test_texts_are_one_group_however_they_are_spelt(book):
    filterset = ListFilter(QueryDict("group=plan"), queryset=Customer.objects.known())
    assert [(group.label, group.sums.customers) for group in groups.load(filterset)] == [("PRO", 2), ("No plan", 2)]


def test_options_other_values_and_what_is_unknown(book):
    filterset = ListFilter(QueryDict("group=attributes.tier"), queryset=Customer.objects.known())
    found = {group.label: group.sums.customers for group in groups.load(filterset)}
    assert found == {"Gold": 1, "Silver": 1, "Other values": 1, "Unknown": 1}


@pytest.mark.parametrize("by", ["nobody", "attributes.none", "score__health", "name"])
def test_an_unknown_group_finds_nobody_and_says_so(page, book, by):
    seen = page(LIST, group=by)
    assert "This filter is not valid" in seen and "Acme" not in seen


def test_an_attribute_without_options_makes_no_groups(page, book):
    AttributeDefinition.objects.create(key="note", label="Remark", type="text")
    assert "This filter is not valid" in page(LIST, group="attributes.note")


def test_groups_are_a_file_too(client, maya, book):
    client.force_login(maya)
    text = client.get("/customers/export.csv", {"group": "owner"}).content.decode()[1:]
    rows = {row["group"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["Maya"]["customers"], rows["Maya"]["revenue_a_month"]) == ("2", "150.25")
    assert rows["Jonas"]["revenue_a_month"] == "" and rows["Jonas"]["value_unknown"] == "1"
    assert client.get(LIST, {"group": "owner"}).content.decode().count('<tr role="row">') == 4


@pytest.mark.parametrize("by", ["owner", "plan", "country"])
def test_the_portfolio_says_the_same(book, maya, by):
    filterset = PortfolioFilter({"by": by}, queryset=portfolio.visible(maya))
    assert filterset.is_valid()
    told = portfolio.load(filterset, cast.TODAY)
    mine = sums.of_all(listed().qs)
    assert told.figures.now() == (mine.customers, mine.revenue, mine.unknown)
    assert told.figures.at_risk == (mine.at_risk, mine.revenue_at_risk, mine.unknown_at_risk)
    found = groups.load(ListFilter(QueryDict(f"group={by}"), queryset=Customer.objects.known()))
    theirs = {row.label: (*row.figures.now(), *row.figures.at_risk) for row in told.groups}
    assert theirs == {
        row.label: (
            row.sums.customers, row.sums.revenue, row.sums.unknown,
            row.sums.at_risk, row.sums.revenue_at_risk, row.sums.unknown_at_risk,
        )
        for row in found
    }  # fmt: skip


def test_links_of_groups_work_as_they_stand_on_the_page(page, book):
    seen = page(LIST, group="attributes.tier")
    for link in re.findall(r'href="(/customers/\?rule=[^"]+)"', seen):
        assert "This filter is not valid" not in page(html.unescape(link))


def test_a_limited_colleague_sums_their_own(client, book):
    lou = cast.colleague("Lou", is_limited=True)
    cast.score(cast.customer("Own", owner=lou), monthly_value=Decimal(7))
    client.force_login(lou)
    for query in ({}, {"group": "plan"}, {"group": "attributes.tier"}):
        seen = client.get(LIST, query).content.decode()
        assert "€7" in seen and "€1" not in seen and "Gold" not in seen
    assert "€7" in client.get(f"{LIST}totals/").content.decode()
