"""Merging, moving, deleting and undoing for programs."""

from datetime import timedelta

import pytest

from customers import lifecycle
from customers.models import Act, Contact, Customer
from records import contacts
from staff.models import Role
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def twin(acme):
    pk = lifecycle.upsert([{"company_id": "acme-2", "name": "Acme Ltd", "plan": "pro"}], now=NOW)["acme-2"]
    return Customer.objects.get(pk=pk)


@pytest.fixture
def ann(acme):
    return person(acme, "ann")


def person(customer, user_id):
    row = {"customer_id": customer.pk, "user_id": user_id, "name": user_id.title()}
    return contacts.write([row], now=NOW - timedelta(days=30))[0]


def done(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_customer_is_merged_into_another_with_the_fields_asked_for(api, acme, twin):
    act = done(api.post(f"customers/{twin.pk}/merge/", {"into": acme.pk, "take": ["name"]}))
    assert (act["kind"], act["detail"]["gone_name"]) == ("merge", "Acme Ltd")
    kept = api.get("customers/by-id/acme-2/").json()
    assert (kept["id"], kept["name"], kept["plan"]) == (acme.pk, "Acme Ltd", "pro")


def test_one_that_was_merged_is_a_404_that_names_the_other(api, acme, twin):
    api.post(f"customers/{twin.pk}/merge/", {"into": acme.pk})
    for answer in (api.get(f"customers/{twin.pk}/"), api.patch(f"customers/{twin.pk}/", {"plan": "x"})):
        answered = answer.json()
        assert (answer.status_code, answered["code"]) == (404, "merged")
        assert answered["errors"] == [{"field": "id", "code": "merged_into", "message": str(acme.pk)}]
    again = api.post(f"customers/{twin.pk}/merge/", {"into": acme.pk})
    assert again.json()["code"] == "merged"


def test_where_one_went_is_told_to_those_only_who_see_the_other(make_key, lou, api, acme, twin):
    api.post(f"customers/{twin.pk}/merge/", {"into": acme.pk})
    answer = make_key(colleague=lou).get(f"customers/{twin.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_merge_is_undone_by_its_act(api, acme, twin):
    act = done(api.post(f"customers/{twin.pk}/merge/", {"into": acme.pk}))
    undone = done(api.post(f"acts/{act['id']}/undo/"))
    assert (undone["kind"], undone["detail"]["undoes"]) == ("unmerge", act["id"])
    assert api.get(f"customers/{twin.pk}/").status_code == 200
    assert api.post(f"acts/{act['id']}/undo/").json()["code"] == "conflict"


def test_contacts_are_merged_and_undone(api, acme, twin, ann):
    annie = person(twin, "annie")
    act = done(api.post(f"contacts/{annie.pk}/merge/", {"into": ann.pk}))
    assert api.get("contacts/by-user-id/annie/").json()["id"] == ann.pk
    assert api.get(f"contacts/{annie.pk}/").json()["code"] == "merged"
    done(api.post(f"acts/{act['id']}/undo/"))
    assert api.get("contacts/by-user-id/annie/").json()["id"] == annie.pk


def test_a_contact_is_moved_from_an_instant_on_and_back(api, acme, twin, ann):
    act = done(api.post(f"contacts/{ann.pk}/move/", {"customer_id": twin.pk, "since": "2026-06-10T00:00:00Z"}))
    assert act["kind"] == "reassign"
    assert Contact.objects.get(pk=ann.pk).customer == twin
    done(api.post(f"acts/{act['id']}/undo/"))
    assert Contact.objects.get(pk=ann.pk).customer == acme


def test_a_deleted_customer_comes_back_or_its_ids_are_released(api, acme):
    act = done(api.delete(f"customers/{acme.pk}/?reason=A%20test"))
    assert (act["detail"]["reason"], act["detail"]["names"]) == ("A test", [["company", "acme"]])
    assert api.get(f"customers/{acme.pk}/").status_code == 404
    done(api.post(f"acts/{act['id']}/undo/"))
    assert api.get(f"customers/{acme.pk}/").status_code == 200
    act = done(api.delete(f"customers/{acme.pk}/?reason=Again"))
    assert done(api.post(f"acts/{act['id']}/release/"))["kind"] == "release"
    for verb in ("undo", "release"):
        assert api.post(f"acts/{act['id']}/{verb}/").json()["code"] == "conflict"


def test_a_contact_is_deleted(api, ann):
    assert done(api.delete(f"contacts/{ann.pk}/?reason=A%20test"))["detail"]["of"] == "contact"
    assert api.get("contacts/by-user-id/ann/").status_code == 404


def test_deleting_needs_a_reason(api, acme):
    assert faults(api.delete(f"customers/{acme.pk}/")) == {"reason": "blank"}
    assert faults(api.delete(f"customers/{acme.pk}/?reason=%00")) != {}
    assert Customer.objects.get(pk=acme.pk).removed_at is None


def test_what_is_wrong_is_named(api, acme, twin, ann):
    merge = f"customers/{twin.pk}/merge/"
    assert faults(api.post(merge, {})) == {"into": "required"}
    assert faults(api.post(merge, {"into": 999_999})) == {"into": "does_not_exist"}
    assert faults(api.post(merge, {"into": acme.pk, "take": ["colour"]})) == {"take": "unknown"}
    assert api.post(merge, {"into": twin.pk}).status_code == 409
    future = {"customer_id": twin.pk, "since": "2027-01-01T00:00:00Z"}
    assert set(faults(api.post(f"contacts/{ann.pk}/move/", future))) == {"since"}
    assert not Act.objects.filter(kind__in=("merge", "reassign")).exists()


def test_acts_are_listed_by_customer_and_kind_and_one_of_several_once(api, acme, twin, ann):
    api.post(f"contacts/{ann.pk}/move/", {"customer_id": twin.pk})
    deleted = done(api.delete(f"customers/{acme.pk}/?reason=A%20test"))
    assert [act["kind"] for act in api.rows("acts/")] == ["removal", "reassign"]
    assert [act["id"] for act in api.rows("acts/?kind=removal")] == [deleted["id"]]
    assert [act["kind"] for act in api.rows(f"acts/?customer={twin.pk}")] == ["reassign"]
    assert faults(api.get("acts/?kind=nothing")) != {}


def test_a_csm_does_not_delete_nor_take_that_back(make_key, maya, api, acme, ann):
    as_maya = make_key(colleague=maya)
    act = done(api.delete(f"contacts/{ann.pk}/?reason=A%20test"))
    refused = [
        as_maya.delete(f"customers/{acme.pk}/?reason=A%20test"),
        as_maya.post(f"acts/{act['id']}/undo/"),
        as_maya.post(f"acts/{act['id']}/release/"),
    ]
    assert [answer.status_code for answer in refused] == [403] * 3


def test_who_sees_only_one_of_two_cannot_merge_or_move(make_key, lou, acme, twin, ann):
    Customer.objects.filter(pk=acme.pk).update(owner=lou)
    as_lou = make_key(colleague=lou)
    assert faults(as_lou.post(f"customers/{acme.pk}/merge/", {"into": twin.pk})) == {"into": "does_not_exist"}
    assert as_lou.post(f"customers/{twin.pk}/merge/", {"into": acme.pk}).status_code == 404
    move = as_lou.post(f"contacts/{ann.pk}/move/", {"customer_id": twin.pk})
    assert faults(move) == {"customer_id": "does_not_exist"}


def test_a_key_needs_the_scope_to_write_customers(make_key, acme, twin):
    reader = make_key("customers:read", "events:read")
    assert reader.post(f"customers/{twin.pk}/merge/", {"into": acme.pk}).json()["code"] == "missing_scope"
    assert reader.get("acts/").status_code == 200


def test_a_viewer_only_reads(make_key, acme, twin):
    viewer = make_key(colleague=cast.colleague("Vera", Role.VIEWER))
    assert viewer.post(f"customers/{twin.pk}/merge/", {"into": acme.pk}).json()["code"] == "read_only"
