"""Who sees whom: a limited CSM their own and their teams' customers, and 404 for everybody else's."""

import pytest

from staff.models import Role, Team
from tests.pages import cast

LISTS = ["/customers/", "/at-risk/"]


@pytest.fixture
def portfolio(begun, client):
    """Four customers at risk; the client is signed in as Jonas, who sees three of them."""
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    jonas = cast.colleague("Jonas", Role.CSM, is_limited=True)
    jonas.teams.add(north)
    client.force_login(jonas)
    second = cast.at_risk("His as second", pays="30")
    second.second_owner = jonas
    second.save()
    return {
        "his": cast.at_risk("His own", owner=jonas, pays="10"),
        "team": cast.at_risk("His team's", team=north, pays="20"),
        "second": second,
        "foreign": cast.at_risk("Somebody else's", team=south, pays="4000"),
    }


@pytest.mark.parametrize("path", LISTS)
def test_a_limited_csm_lists_only_their_own_and_their_teams(client, portfolio, path):
    seen = client.get(path).content.decode()
    assert all(name in seen for name in ("His own", "His team&#x27;s", "His as second"))
    assert "Somebody else" not in seen


def test_the_total_at_stake_counts_only_whom_they_may_see(client, portfolio):
    seen = client.get("/at-risk/").content.decode()
    assert "€60" in seen
    assert "4,0" not in seen


@pytest.mark.parametrize(("whose", "status"), [("his", 200), ("team", 200), ("second", 200), ("foreign", 404)])
def test_a_foreign_profile_is_not_there(client, portfolio, whose, status):
    assert client.get(f"/customers/{portfolio[whose].pk}/").status_code == status


@pytest.mark.parametrize("pk", ["0", "999999999", "9" * 30, "9" * 5000])
def test_a_profile_of_nobody_is_not_there(client, portfolio, pk):
    assert client.get(f"/customers/{pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.ADMIN, Role.LEAD, Role.CSM, Role.VIEWER])
def test_everybody_else_sees_all(client, portfolio, role):
    client.force_login(cast.colleague("Other", role))
    for path in [*LISTS, f"/customers/{portfolio['foreign'].pk}/"]:
        assert "Somebody else" in client.get(path).content.decode()


def test_who_may_not_sign_in_any_more_sees_nothing_at_once(client, portfolio):
    user = cast.colleague("Left", Role.LEAD)
    client.force_login(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    for path in LISTS:
        assert client.get(path)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", LISTS)
def test_the_lists_are_for_reading(client, portfolio, path, method):
    assert getattr(client, method)(path).status_code == 405
