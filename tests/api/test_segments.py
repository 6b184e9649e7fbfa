"""Segments over the API: everybody writes their own; admins, leads and the company's key write shared ones too."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from customers.models import Segment, SegmentDay, SegmentMember
from scoring.model_versions import versions
from scoring.models import ScoringModel
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def as_maya(make_key, maya):
    return make_key(colleague=maya)


@pytest.fixture
def as_cem(make_key):
    return make_key(colleague=cast.colleague("Cem", Role.CSM))


def view(owner, name="Mine", **more):
    return Segment.objects.create(name=name, query={"q": "a"}, owner=owner, created_at=NOW, **more)


def test_a_view_is_made_changed_and_deleted_by_its_owner(as_maya, maya):
    made = as_maya.post("segments/", {"name": "Mine", "query": {"q": "a"}})
    assert made.status_code == 201
    at = f"segments/{made.json()['id']}/"
    changed = as_maya.patch(at, {"query": {"health": "red"}, "is_shared": True})
    assert changed.status_code == 200
    row = Segment.objects.get()
    assert (row.name, row.query, row.is_shared, row.owner) == ("Mine", {"health": "red"}, True, maya)
    assert as_maya.delete(at).status_code == 204
    assert not Segment.objects.exists()


def test_the_companys_key_has_no_views_of_its_own(api):
    assert api.post("segments/", {"name": "Mine", "query": {"q": "a"}}).status_code == 403


def test_a_name_is_taken_once_by_each_colleague(as_maya, as_cem, maya):
    view(maya)
    other = view(maya, "Other")
    assert as_maya.post("segments/", {"name": "Mine", "query": {"q": "b"}}).status_code == 409
    assert as_maya.patch(f"segments/{other.pk}/", {"name": "Mine"}).status_code == 409
    assert as_cem.post("segments/", {"name": "Mine", "query": {"q": "b"}}).status_code == 201


@pytest.mark.parametrize(("is_shared", "status"), [(False, 404), (True, 403)])
def test_somebody_elses_view_is_hidden_or_only_read(as_cem, maya, is_shared, status):
    at = f"segments/{view(maya, is_shared=is_shared).pk}/"
    assert as_cem.patch(at, {"name": "Taken over"}).status_code == status
    assert as_cem.delete(at).status_code == status
    assert Segment.objects.get().name == "Mine"


def test_the_companys_key_changes_shared_views_and_sees_no_others(api, maya):
    shared, private = view(maya, is_shared=True), view(maya, "Private")
    assert api.patch(f"segments/{shared.pk}/", {"name": "Ours"}).status_code == 200
    assert api.delete(f"segments/{private.pk}/").status_code == 404


def test_a_view_in_use_is_not_deleted(as_maya, maya):
    used = view(maya)
    draft = versions.draft_from(ScoringModel.objects.get(), now=NOW)
    ScoringModel.objects.filter(pk=draft.pk).update(segment=used)
    refused = as_maya.delete(f"segments/{used.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert Segment.objects.filter(pk=used.pk).exists()


def test_a_rule_is_given_and_shown_as_a_tree(as_maya, maya):
    rule = {"any": [{"kind": "tag", "parameters": {"has": "yes", "tag": "vip"}}]}
    tagged, _noise = cast.customer("Acme", tags=["vip"]), cast.customer("Noise")
    made = as_maya.post("segments/", {"name": "Mine", "query": {"rule": rule}}).json()
    assert made["rule"] == rule
    assert [row["id"] for row in as_maya.rows(f"segments/{made['id']}/members/")] == [tagged.pk]
    assert [row["name"] for row in as_maya.rows(f"customers/?{urlencode(made['query'])}")] == ["Acme"]


@pytest.mark.parametrize("rule", ["{", {"all": []}, {"all": [{"kind": "colour"}]}, [], {"all": [{"kind": "tag"}]}])
def test_a_rule_that_is_not_valid_is_refused_with_the_reason(as_maya, rule):
    refused = as_maya.post("segments/", {"name": "Mine", "query": {"rule": rule}})
    assert refused.status_code == 400
    assert "rule" in str(refused.json())
    assert not Segment.objects.exists()


def test_a_segment_over_time_counts_the_closed_days(as_maya, maya):
    segment = view(maya)
    customer, day = cast.customer("Acme"), cast.TODAY - timedelta(days=2)
    for n in range(2):
        SegmentDay.objects.create(segment=segment, day=day + timedelta(days=n), is_start=n == 0)
    SegmentMember.objects.create(segment=segment, customer=customer, entered_on=day, left_on=day + timedelta(days=1))
    assert as_maya.get(f"segments/{segment.pk}/over-time/").json()["days"] == [
        {"day": "2026-06-13", "size": 1, "entered": None, "left": None},
        {"day": "2026-06-14", "size": 0, "entered": 0, "left": 1},
    ]
