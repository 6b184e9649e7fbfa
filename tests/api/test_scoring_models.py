"""Versions of the scoring model by the API: what a version says is what the page says."""

import pytest

from customers.models import Segment
from scoring.model_versions import versions
from scoring.models import ScoringModel
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.current(), now=NOW)


def test_versions_are_listed_newest_first_and_by_status(api, draft):
    current = ScoringModel.objects.current()
    assert [row["version"] for row in api.rows("scoring-models/")] == [draft.pk, current.pk]
    [row] = api.rows("scoring-models/?status=draft")
    assert (row["version"], row["status"], row["copied_from"], row["published_by"]) == (
        draft.pk, "draft", current.pk, None,
    )  # fmt: skip
    assert api.rows("scoring-models/?status=retired") == []


@pytest.mark.parametrize("bad", ["?status=gone", "?state=draft", "?cursor=x"])
def test_a_bad_question_gets_no_answer(api, bad):
    assert api.get(f"scoring-models/{bad}").status_code == 400


def test_a_version_says_its_author_note_and_segment(api, draft):
    ada = cast.colleague("Ada", Role.ADMIN)
    draft.segment = Segment.objects.create(name="Pro", query={"plan": "Pro"}, owner=ada, created_at=NOW)
    draft.save()
    versions.publish(draft, now=NOW, by=ada, note="Reports matter")
    said = api.get(f"scoring-models/{draft.pk}/").json()
    assert said["published_by"] == {"id": ada.pk, "name": "Ada"}
    assert said["segment"] == {"id": draft.segment.pk, "name": "Pro"}
    assert (said["note"], said["published_at"], said["retired_at"]) == ("Reports matter", "2026-06-15T12:00:00Z", None)


def test_a_version_says_what_a_score_is_made_from(api, draft):
    said = api.get(f"scoring-models/{draft.pk}/").json()
    assert (said["window"], said["half_life"], said["least_coverage"]) == (30, 15, 40)
    assert (said["bands"]["yellow_from"], said["bands"]["somewhat_to"]) == ("50.00", "70.00")
    assert len(said["weights"]) == draft.weights.count()
    meeting = next(weight for weight in said["weights"] if weight["event_type"] == "Meeting held")
    assert (meeting["points"], meeting["daily_cap"], meeting["window"]) == ("8.00", 2, None)
    pulse = next(factor for factor in said["factors"] if factor["kind"] == "pulse")
    assert (pulse["weight"], pulse["cap_from"], pulse["cap_to"], pulse["source"]) == (10, "0.00", "30.00", None)


def test_only_a_key_that_reads_scores_reads_versions(make_key, draft):
    key = make_key("customers:read")
    assert key.get("scoring-models/").status_code == 403
    assert key.get(f"scoring-models/{draft.pk}/").json()["code"] == "missing_scope"
    assert make_key("scores:read").get(f"scoring-models/{draft.pk}/").status_code == 200


def test_a_version_that_is_not_there_is_a_404(api):
    assert api.get("scoring-models/999999/").status_code == 404
