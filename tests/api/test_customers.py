"""Customers by the API: made, found, changed; nothing foreign, nothing that is not a field."""

import pytest

from customers.models import Change, Customer, FieldSource, Snooze
from staff.models import Role, Team
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.pages import cast


def test_a_customer_is_made_once_and_found_by_both_ids(api):
    made = api.post("customers/", {"company_id": "acme", "name": "Acme", "mrr": "1200.50", "currency": "USD"})
    assert made.status_code == 201
    said = made.json()
    assert (said["company_id"], said["mrr"], said["currency"], said["stage"]) == ("acme", "1200.50", "USD", "active")
    assert api.get(f"customers/{said['id']}/").json() == said
    assert api.get("customers/by-id/acme/").json() == said
    again = api.post("customers/", {"company_id": "acme", "name": "Other"})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert Customer.objects.get().name == "Acme"


def test_putting_a_customer_twice_changes_nothing_the_second_time(api):
    first = api.put("customers/by-id/acme/", {"name": "Acme", "plan": "Pro"})
    second = api.put("customers/by-id/acme/", {"name": "Acme", "plan": "Pro"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert not Change.objects.exists()


def test_what_an_upsert_does_not_name_stays(api, acme):
    said = api.put("customers/by-id/acme/", {"plan": "Pro"}).json()
    assert (said["name"], said["plan"], said["mrr"]) == ("Acme", "Pro", "1000.00")


def test_an_id_may_hold_any_characters(api):
    made = api.put("customers/by-id/a%2Fb%20%C3%A9/", {})
    assert made.json()["company_id"] == "a/b é"
    assert api.get("customers/by-id/a/b%20%C3%A9/").json()["id"] == made.json()["id"]


def test_a_change_is_put_down_to_the_colleague_the_key_acts_as(make_key, acme):
    lea = cast.colleague("Lea", Role.LEAD)
    api = make_key(colleague=lea)
    assert api.patch(f"customers/{acme.pk}/", {"stage": "churned"}).json()["churned_on"] == "2026-06-15"
    assert Change.objects.get().by == lea


def test_a_day_of_churn_is_refused_for_an_active_customer(api, acme):
    answer = api.patch(f"customers/{acme.pk}/", {"churned_on": "2026-06-01"})
    assert answer.status_code == 400 and "has not churned" in answer.content.decode()
    assert api.put("customers/by-id/new/", {"churned_on": "2026-06-01"}).status_code == 400
    assert api.patch(f"customers/{acme.pk}/", {"stage": "churned", "churned_on": "2026-06-01"}).status_code == 200
    assert api.patch(f"customers/{acme.pk}/", {"stage": "archived"}).json()["churned_on"] == "2026-06-01"


def test_owner_team_and_parent_are_set_by_id_and_shown_by_name(api, acme):
    ann, team, parent = cast.colleague("Ann"), Team.objects.create(name="North"), cast.customer("Group")
    ids = {"owner_id": ann.pk, "team_id": team.pk, "parent_id": parent.pk}
    said = api.patch(f"customers/{acme.pk}/", ids).json()
    assert (said["owner"], said["team"]) == ({"id": ann.pk, "name": "Ann"}, {"id": team.pk, "name": "North"})
    assert said["parent_id"] == parent.pk


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"name": ""}, {"name": "blank"}),
        ({"name": "a\0"}, {"name": "null_characters_not_allowed"}),
        ({"name": 7}, {"name": "invalid"}),
        ({"name": "x" * 201}, {"name": "max_length"}),
        ({"stage": "lost"}, {"stage": "invalid_choice"}),
        ({"mrr": "NaN"}, {"mrr": "invalid"}),
        ({"mrr": -1}, {"mrr": "min_value"}),
        ({"currency": "eur"}, {"currency": "invalid"}),
        ({"seats": 2**31}, {"seats": "max_value"}),
        ({"owner_id": 999_999}, {"owner_id": "does_not_exist"}),
        ({"team_id": 999_999}, {"team_id": "does_not_exist"}),
        ({"parent_id": 999_999}, {"parent_id": "does_not_exist"}),
        ({"tags": ["x" * 51]}, {"tags.0": "max_length"}),
        ({"attributes": []}, {"attributes": "invalid"}),
        ({"id": 1}, {"id": "unknown"}),
        ({"score": {}, "created_at": NOW.isoformat()}, {"created_at": "unknown", "score": "unknown"}),
        ({"provisional": True}, {"provisional": "unknown"}),
        ({"company_id": "other"}, {"company_id": "unknown"}),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_changes(api, acme, body, fault):
    assert faults(api.patch(f"customers/{acme.pk}/", body)) == fault
    assert not Change.objects.exists()


def test_a_customer_cannot_stand_above_itself(api, acme):
    assert faults(api.patch(f"customers/{acme.pk}/", {"parent_id": acme.pk})) == {"parent_id": "invalid"}


def test_a_limited_colleagues_key_neither_finds_nor_changes_customers_of_others(make_key, lou, acme):
    api = make_key(colleague=lou)
    assert api.rows("customers/") == []
    for call in (
        api.get(f"customers/{acme.pk}/"),
        api.get("customers/by-id/acme/"),
        api.patch(f"customers/{acme.pk}/", {"name": "Mine"}),
        api.put("customers/by-id/acme/", {"name": "Mine", "owner_id": lou.pk}),
        api.put(f"customers/{acme.pk}/rest/", {"kind": "handled", "reason": "called"}),
    ):
        assert (call.status_code, call.json()["code"]) == (404, "not_found")
    acme.refresh_from_db()
    assert acme.name == "Acme"


def test_a_limited_colleague_owns_the_customers_they_make_and_makes_none_for_others(make_key, lou):
    api, ann = make_key(colleague=lou), cast.colleague("Ann")
    assert api.put("customers/by-id/new/", {}).json()["owner"] == {"id": lou.pk, "name": "Lou"}
    assert faults(api.put("customers/by-id/other/", {"owner_id": ann.pk})) == {"owner_id": "invalid"}
    assert Customer.objects.count() == 1


def test_a_parent_must_be_visible(make_key, lou, acme):
    own = cast.customer("Own", owner=lou)
    answer = make_key(colleague=lou).patch(f"customers/{own.pk}/", {"parent_id": acme.pk})
    assert faults(answer) == {"parent_id": "does_not_exist"}


def test_a_customer_rests_and_wakes(api, acme):
    answer = api.put(f"customers/{acme.pk}/rest/", {"kind": "snoozed", "reason": "holidays", "until": "2026-07-01"})
    assert answer.status_code == 200
    assert api.get(f"customers/{acme.pk}/").json()["rest"]["reason"] == "holidays"
    assert api.delete(f"customers/{acme.pk}/rest/").status_code == 204
    assert api.get(f"customers/{acme.pk}/").json()["rest"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "snoozed", "reason": "holidays"},
        {"kind": "snoozed", "reason": "holidays", "until": "2020-01-01"},
        {"kind": "handled", "reason": "called", "until": "2026-07-01"},
    ],
)
def test_a_rest_needs_a_day_that_makes_sense(api, acme, body):
    assert set(faults(api.put(f"customers/{acme.pk}/rest/", body))) == {"until"}
    assert not Snooze.objects.exists()


def test_the_list_pages_through_everybody_once(api, monkeypatch):
    monkeypatch.setattr("core.api.views.PAGE", 4)
    for n in range(10):
        cast.customer(f"Customer {n}")
    names, cursor = [], ""
    while cursor is not None:
        page = api.get(f"customers/?sort=-name{cursor and f'&cursor={cursor}'}").json()
        names += [row["name"] for row in page["results"]]
        cursor = page["next_cursor"]
    assert names == [f"Customer {n}" for n in range(9, -1, -1)]


def test_the_api_tells_who_set_a_field_and_counts_as_a_file_does(api, acme):
    answer = api.patch(f"customers/{acme.pk}/", {"plan": "Pro"}).json()
    set_now = {"at": "2026-06-15T12:00:00Z"}
    assert answer["field_origins"] == {
        "name": {"origin": "file", **set_now},
        "plan": {"origin": "api", **set_now},
        "mrr": {"origin": "file", **set_now},
        "currency": {"origin": "file", **set_now},
    }
    assert api.put("customers/by-id/birch/", {"country": "France"}).json()["field_origins"] == {
        "country": {"origin": "api", **set_now}
    }


def test_a_field_that_follows_another_source_is_refused_unless_it_stays_the_same(api, acme):
    Customer.objects.update(plan="Pro", field_origins={"plan": ["server", NOW.isoformat(), "00"]})
    FieldSource.objects.create(field="plan", origin="server")
    for answer in (
        api.patch(f"customers/{acme.pk}/", {"plan": "Team"}),
        api.put("customers/by-id/acme/", {"plan": "Team", "industry": "Food"}),
    ):
        assert (answer.status_code, faults(answer)) == (400, {"plan": "decided_elsewhere"})
    assert api.put("customers/by-id/acme/", {"plan": "Pro", "industry": "Food"}).json()["industry"] == "Food"
