"""Contacts by the API: made and changed by user id or e-mail; people at customers of others are not to be had."""

import pytest

from customers.models import Contact, Segment
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.pages import cast


def test_a_contact_is_made_and_found_by_user_id_and_by_address(api, acme):
    made = api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, "email": "Ann@Acme.example", "name": "Ann"})
    assert made.status_code == 201
    said = made.json()
    kinds = {identity["kind"]: identity["value"] for identity in said["identities"]}
    assert kinds == {"user": "ann", "email": "ann@acme.example"}
    assert api.get("contacts/by-user-id/ann/").json() == said
    assert api.get("contacts/by-email/ANN@acme.example/").json() == said
    assert api.get(f"contacts/{said['id']}/").json() == said
    again = api.put("contacts/by-email/ann@acme.example/", {"role": "Buyer"})
    assert (again.status_code, again.json()["id"], again.json()["role"]) == (200, said["id"], "Buyer")


def test_a_contact_is_changed_by_our_id_and_what_is_not_named_stays(api, acme):
    pk = api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, "name": "Ann"}).json()["id"]
    said = api.patch(f"contacts/{pk}/", {"stop_scoring": True, "role": ""}).json()
    assert (said["name"], said["stop_scoring"], said["customer_id"]) == ("Ann", True, acme.pk)


def test_somebody_new_needs_a_customer(api):
    assert faults(api.put("contacts/by-user-id/ann/", {"name": "Ann"})) == {"customer_id": "required"}
    assert not Contact.objects.exists()


def test_a_visitor_without_a_name_cannot_be_changed(api, acme):
    visitor = Contact.objects.create(customer=acme, created_at=NOW)
    assert api.patch(f"contacts/{visitor.pk}/", {"name": "Ann"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"customer_id": 999_999}, {"customer_id": "does_not_exist"}),
        ({"email": "no address"}, {"email": "invalid"}),
        ({"survey_opt_out": "perhaps"}, {"survey_opt_out": "invalid"}),
        ({"traits": {}}, {"traits": "unknown"}),
        ({"user_id": "bob"}, {"user_id": "unknown"}),
    ],
)
def test_what_does_not_fit_is_named(api, acme, body, fault):
    assert faults(api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, **body})) == fault


def test_a_path_that_is_no_address_is_refused(api, acme):
    assert faults(api.put("contacts/by-email/nobody/", {"customer_id": acme.pk})) == {"email": "invalid"}


def test_people_at_customers_of_others_are_neither_seen_nor_taken(api, make_key, lou, acme):
    api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, "email": "ann@acme.example"})
    api.put("contacts/by-email/bob@acme.example/", {"customer_id": acme.pk})
    limited, own = make_key(colleague=lou), cast.customer("Own", owner=lou)
    assert limited.rows("contacts/") == []
    mine = {"customer_id": own.pk}
    for call in (
        limited.get("contacts/by-user-id/ann/"),
        limited.put("contacts/by-user-id/ann/", mine),
        limited.put("contacts/by-email/ann@acme.example/", mine),
        limited.put("contacts/by-user-id/new/", {**mine, "email": "bob@acme.example"}),
        limited.patch(f"contacts/{Contact.objects.first().pk}/", mine),
    ):
        assert call.status_code == 404
    assert set(Contact.objects.values_list("customer", flat=True)) == {acme.pk}


def test_contacts_are_listed_by_customer_user_id_and_address(api, acme):
    other = api.put("customers/by-id/other/", {}).json()["id"]
    for user, customer in (("ann", acme.pk), ("bob", acme.pk), ("cem", other)):
        address = f"{user}@acme.example"
        api.put(f"contacts/by-user-id/{user}/", {"customer_id": customer, "email": address, "name": user})
    asked = ("", f"?customer={acme.pk}", "?user_id=cem", "?email=Bob@acme.example")
    assert [[row["name"] for row in api.rows(f"contacts/{query}")] for query in asked] == [
        ["ann", "bob", "cem"],
        ["ann", "bob"],
        ["cem"],
        ["bob"],
    ]
    for bad in ("?customer=x", "?customer=0", "?customr=1"):
        assert api.get(f"contacts/{bad}").status_code == 400


def test_segments_are_the_shared_ones_and_ones_own_with_their_members(api, make_key, maya, acme):
    cast.customer("Archived", stage="archived")
    shared = Segment.objects.create(name="A's", owner=maya, is_shared=True, query={"q": "ac"}, created_at=NOW)
    Segment.objects.create(name="Broken", owner=maya, query={"qq": "x"}, created_at=NOW)
    assert [row["name"] for row in api.rows("segments/")] == ["A's"]
    assert [row["name"] for row in api.rows(f"segments/{shared.pk}/members/")] == ["Acme"]
    as_maya = make_key(colleague=maya)
    assert [row["name"] for row in as_maya.rows("segments/")] == ["A's", "Broken"]
    broken = as_maya.rows("segments/")[1]
    assert as_maya.rows(f"segments/{broken['id']}/members/") == []


def test_colleagues_and_teams_are_named_for_the_filters(api, maya):
    assert [(row["id"], row["name"]) for row in api.rows("colleagues/")] == [(maya.pk, "Maya")]
    assert api.rows("teams/") == []
