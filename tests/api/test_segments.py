"""Segments over the API: everybody writes their own; admins, leads and the company's key write shared ones too."""

import pytest

from customers.models import Segment
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
