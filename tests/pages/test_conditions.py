"""The builder of conditions: rows without a script, a count of whom the colleague sees, saving as a segment."""

import pytest
from django.utils.html import escape

from customers.models import Segment
from customers.segments import rule
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

PAGE = "/customers/conditions/"
TAGGED = {"all": [{"kind": "tag", "parameters": {"has": "yes", "tag": "vip"}}]}
VIP = {"node": ["r_0"], "r-join": "all", "r_0-kind": "tag", "r_0-has": "yes", "r_0-tag": "vip"}


@pytest.fixture
def post(client, maya):
    client.force_login(maya)

    def send(do, status=200, **data):
        response = client.post(PAGE, {"do": do, **data})
        assert response.status_code == status
        return response if status == 302 else " ".join(response.content.decode().split())

    return send


@pytest.fixture
def two(maya):
    return cast.customer("Acme", tags=["vip"], owner=maya), cast.customer("Noise", tags=["other"])


def test_a_condition_is_added_and_removed_without_a_script(post):
    added = post("add:r", **{"r-join": "all", "r-new": "event"})
    assert 'name="r_0-kind" value="event"' in added
    assert "Complete the conditions to see whom they find." in added
    removed = post("remove:r_0", **VIP)
    assert "r_0-kind" not in removed


def test_groups_nest_three_deep_and_no_deeper(post):
    nested = {"node": ["r_0", "r_0_0"], "r-join": "all", "r_0-join": "any", "r_0_0-join": "all"}
    seen = post("add:r_0_0", **nested, **{"r_0_0-new": "tag"})
    assert 'name="r_0_0_0-kind" value="tag"' in seen
    assert 'value="group:r_0"' in seen
    assert 'value="group:r_0_0"' not in seen


def test_it_counts_and_names_whom_the_colleague_sees(post, two, client):
    seen = post("count", **VIP)
    assert "<strong> 1 customer </strong>" in seen
    assert "Acme" in seen
    assert "Noise" not in seen
    client.force_login(cast.colleague("Lim", Role.CSM, is_limited=True))
    assert "<strong> 0 customers </strong>" in post("count", **VIP)


def test_the_list_shows_them_and_says_the_rule(post, two, page):
    there = post("show", 302, query="stage=active", **VIP)
    seen = page(there.url)
    assert "Acme" in seen
    assert "Noise" not in seen
    assert "Conditions: <bdi>has the tag “vip”</bdi>" in seen
    assert "Change conditions" in seen


def test_they_are_saved_as_a_segment_and_changed(post, two, maya, page):
    post("save", 302, name="VIPs", **VIP)
    segment = Segment.objects.get()
    assert segment.query == {"rule": rule.as_text(TAGGED), "stage": "followed"}
    assert f"{escape('VIPs')}</bdi>" in page("/customers/", **segment.query)
    assert 'value="vip"' in page(PAGE, segment=segment.pk)
    post("save", 302, segment=segment.pk, **{**VIP, "r_0-tag": "other"})
    segment.refresh_from_db()
    assert "other" in segment.query["rule"]


def test_a_name_that_is_taken_saves_nothing(post, maya):
    Segment.objects.create(name="VIPs", query={"plan": "Pro"}, owner=maya, created_at=NOW)
    assert "You already have a segment with this name." in post("save", name="VIPs", **VIP)
    assert Segment.objects.get().query == {"plan": "Pro"}


def test_a_colleagues_segment_is_not_changed(post, two):
    other = cast.colleague("Jonas", Role.ADMIN)
    segment = Segment.objects.create(name="His", query={"plan": "Pro"}, owner=other, is_shared=True, created_at=NOW)
    post("save", 404, segment=segment.pk, **VIP)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "This rule is not valid JSON."),
        ('{"none": []}', "A group is either “all” or “any”, with a list of conditions."),
        ('{"all": []}', "A group needs at least one condition."),
        ('{"all": [{"kind": "colour"}]}', "There is no condition “colour”."),
        ('{"all": [{"kind": "tag", "parameters": {"has": "yes"}}]}', "Tag, the tag: This field is required."),
        ('{"all": [{"kind": "tag", "parameters": {"has": "yes", "tag": "a", "x": 1}}]}',
         "Tag: there is no parameter “x”."),
        ('{"all": [{"kind": "tag", "parameters": {"has": true, "tag": "a"}}]}', "texts or numbers by name"),
        ('{"all": [{"kind": "tag", "parameters": {"has": "yes", "tag": "\\ud800"}}]}', "This rule is not valid JSON."),
        ('{"any": [{"any": [{"any": [{"any": []}]}]}]}', "Groups can be at most 3 deep."),
        ("[" * 4_000, "This rule is not valid JSON."),
        ('{"all": [' + ", ".join(['{"kind": "tag"}'] * 21) + "]}", "A rule has at most 20 conditions."),
        ('{"all": [{"kind": "event", "parameters": {"event": "No such", "how": "never"}}]}', "Event, Event type:"),
        ('{"all": [{"kind": "attribute", "parameters": {"attribute": "plan", "operator": "at_least", "value": "1"}}]}',
         "This does not fit the type of the attribute."),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_valid_finds_nobody_and_says_why(page, two, text, fault):
    seen = page("/customers/", rule=text)
    assert escape(fault) in seen
    assert "Acme" not in seen


def test_a_rule_that_takes_too_long_says_so(post, two, monkeypatch):
    monkeypatch.setattr("desk.list.segments.builder.PATIENCE", 0.001)
    monkeypatch.setattr(
        "desk.list.segments.builder._counted",
        lambda customers: list(customers.extra(where=["pg_sleep(1) IS NOT NULL"])),
    )
    assert "This takes too long to count while you type." in post("count", **VIP)
