"""The acts of the at-risk list: assign, snooze, mark as handled, and the way back."""

from datetime import timedelta

import pytest

from customers import attention
from customers.models import Customer, Snooze
from scoring.models import Transition
from staff.models import Role, Team
from tests.conftest import NOW
from tests.pages import cast

TODAY = cast.TODAY
LIST, SNOOZED = "/at-risk/", "/at-risk/resting/"


@pytest.fixture
def two(maya, client):
    client.force_login(maya)
    return [cast.at_risk("Acme", owner=maya), cast.at_risk("Birch", owner=maya)]


def chosen(customers, **said):
    return {"customers": [one.pk for one in customers], **said}


def test_the_chosen_rest_with_a_reason_and_come_back_by_a_button(page, client, two):
    until = TODAY + timedelta(days=7)
    answer = client.post("/at-risk/snooze/", chosen(two, reason="Trade fair", until=until))
    assert answer["Location"] == LIST
    seen = page(LIST)
    assert "Snoozed until Monday, 22 June 2026: 2 customers." in seen
    assert "<bdi>Acme</bdi></a>" not in seen
    snoozed = page(SNOOZED)
    for said in ("Acme", "Birch", "Snoozed:", "Trade fair", "Maya", "22 Jun 2026", "in 7 days"):
        assert said in snoozed
    client.post("/at-risk/wake/", chosen(two[:1], next=SNOOZED))
    assert "Acme" in page(LIST)
    assert [snooze.customer.name for snooze in Snooze.objects.all()] == ["Birch"]


def test_handled_says_what_was_done_and_the_health_then(page, client, two):
    client.post("/at-risk/handle/", chosen(two[:1], reason="Offered a training"))
    seen = page(SNOOZED)
    assert "Offered a training" in seen
    assert "20 when handled" in seen


def test_the_chosen_get_a_new_owner(page, client, two):
    jonas = cast.colleague("Jonas")
    client.post("/at-risk/assign/", chosen(two, owner=jonas.pk))
    assert set(Customer.objects.values_list("owner__name", flat=True)) == {"Jonas"}
    assert "Assigned to Jonas: 2 customers." in page(LIST)
    client.post("/at-risk/assign/", chosen(two[:1], owner="nobody"))
    assert Customer.objects.get(name="Acme").owner is None


@pytest.mark.parametrize(
    ("act", "said", "error"),
    [
        ("snooze", {"reason": " ", "until": "2026-06-20"}, "This field is required."),
        ("snooze", {"reason": "Trade fair", "until": "2026-06-14"}, "Choose a day from today to"),
        ("snooze", {"reason": "Trade fair", "until": "2026-12-13"}, "Choose a day from today to"),
        ("handle", {"reason": ""}, "This field is required."),
        ("assign", {"owner": "999"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(client, two, act, said, error):
    seen = client.post(f"/at-risk/{act}/", chosen(two, next="/at-risk/?owner=1", **said)).content.decode()
    assert error in seen
    assert 'aria-invalid="true"' in seen
    assert 'value="/at-risk/?owner=1"' in seen
    assert seen.count('name="customers"') == 2
    if said.get("reason", "").strip():
        assert f'value="{said["reason"]}"' in seen
    assert not Snooze.objects.exists()


def test_nobody_chosen_is_said(page, client, two):
    assert client.get("/at-risk/snooze/")["Location"] == LIST
    assert "Choose customers first." in page(LIST)


def test_the_way_back_leads_to_no_other_site(client, two):
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post("/at-risk/handle/", chosen(two, reason="Called", next=elsewhere))
        assert answer["Location"] == LIST


@pytest.mark.parametrize("asked", [["x"], ["1", "x"], ["9" * 30], ["-1"], ["999999"]])
def test_customers_that_are_not_there_are_404(client, two, asked):
    assert client.post("/at-risk/snooze/", {"customers": asked, "reason": "x", "until": TODAY}).status_code == 404


def test_who_sees_only_their_own_is_warned_before_giving_one_away(client, begun):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    jonas = cast.colleague("Jonas")
    client.force_login(lou)
    acme = cast.at_risk("Acme", owner=lou)
    seen = client.post("/at-risk/assign/", chosen([acme], owner=jonas.pk)).content.decode()
    assert "would lose sight of this one" in seen
    assert Customer.objects.get(pk=acme.pk).owner == lou
    client.post("/at-risk/assign/", chosen([acme], owner=jonas.pk, sure="on"))
    assert Customer.objects.get(pk=acme.pk).owner == jonas


def test_no_warning_where_the_team_still_lets_them_see_it(client, begun):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    team = Team.objects.create(name="North")
    lou.teams.add(team)
    client.force_login(lou)
    acme = cast.at_risk("Acme", owner=lou, team=team)
    client.post("/at-risk/assign/", chosen([acme], owner="nobody"))
    assert Customer.objects.get(pk=acme.pk).owner is None


def test_a_viewer_sees_both_lists_and_no_act(client, two):
    attention.snooze(two[0], until=TODAY, reason="Trade fair", now=NOW, by=None)
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    for path, name in ((LIST, "Birch"), (SNOOZED, "Acme")):
        seen = client.get(path).content.decode()
        assert name in seen
        assert "/at-risk/snooze/" not in seen
        assert "/at-risk/wake/" not in seen


def test_since_when_is_read_from_the_history(page, maya):
    red = cast.at_risk("Long red")
    again = cast.at_risk("Red again")
    for customer, ago, after in ((red, 20, "at_risk"), (again, 90, "at_risk"), (again, 40, None)):
        Transition.objects.create(
            customer=customer, day=TODAY - timedelta(days=ago), kind="risk", band_before=None, band_after=after
        )
    cast.at_risk("Red today")
    seen = page(LIST)
    for name, said in (
        ("Long red", "At risk since 26 May 2026, 20 days ago"),
        ("Red again", "At risk since today"),
        ("Red today", "At risk since today"),
    ):
        row = seen[seen.index(f"<bdi>{name}</bdi>") :]
        assert said in row[: row.index("</tr>")], name
