"""Types that came and are not weighed: announced on Scoring, taken in with one click, into the right draft."""

from datetime import timedelta

import pytest

from events import ingest
from events.models import EventType
from scoring.model_versions import versions, weighing
from scoring.model_versions.weighing import Worth
from scoring.models import ScoringModel, Status
from staff.models import Role
from tests.conftest import NOW
from tests.events.people import track
from tests.pages import cast

TODAY = NOW.date()


@pytest.fixture
def kinds(source):
    """Two types that came, one of them eight days ago; noise: a weighed one, and one that never came."""
    messages = [track(0, event="Exported", userId="ann"), track(8, event="Old one", userId="ann")]
    ingest.record([*messages, track(0, event="Signed in", userId="ann")], source=source, now=NOW)
    EventType.objects.create(name="Never came", channel="web", created_at=NOW)
    return {kind.name: kind for kind in EventType.objects.all()}


def names(day=TODAY):
    return [kind.name for kind in weighing.waiting(day).types]


def test_those_that_came_lately_wait(kinds, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert names() == ["Exported"]
    assert names(TODAY + timedelta(days=6)) == ["Exported"] and names(TODAY + timedelta(days=7)) == []
    EventType.objects.filter(name="Exported").update(retired_at=NOW)
    assert names() == []


def test_a_click_goes_into_the_draft_that_goes_on_from_the_current_version(kinds):
    first = ScoringModel.objects.current()
    stale = versions.draft_from(first, now=NOW)
    versions.publish(versions.draft_from(first, now=NOW), now=NOW, by=None)
    unrelated = ScoringModel.objects.create(name="From a template", status=Status.DRAFT, created_at=NOW)
    draft = weighing.take_in(kinds["Exported"], Worth.MEDIUM, now=NOW)
    assert draft not in (stale, unrelated) and draft.copied_from == ScoringModel.objects.current().pk
    assert draft.weights.count() == ScoringModel.objects.current().weights.count() + 1
    assert weighing.take_in(kinds["Old one"], Worth.LITTLE, now=NOW) == draft


def test_the_later_word_counts(kinds):
    draft = weighing.take_in(kinds["Exported"], Worth.LOT, now=NOW)
    weighing.take_in(kinds["Exported"], Worth.NOTHING, now=NOW)
    weight = draft.weights.get(event_type=kinds["Exported"])
    assert (weight.points, weight.daily_cap) == (0, 1)
    found = weighing.waiting(TODAY)
    assert (found.draft, found.taken, found.types[0].in_draft) == (draft, 1, 0)


def test_nothing_can_go_on_from_nothing(kinds):
    ScoringModel.objects.filter(status=Status.PUBLISHED).update(status=Status.RETIRED, retired_at=NOW)
    with pytest.raises(weighing.NothingPublished):
        weighing.take_in(kinds["Exported"], Worth.LOT, now=NOW)
    assert not ScoringModel.objects.drafts().exists()


@pytest.mark.parametrize(("role", "limited"), [("admin", False), ("lead", False), ("csm", False), ("csm", True)])
def test_scoring_announces_them(kinds, client, monkeypatch, role, limited):
    monkeypatch.setattr("scoring.views.models.timezone.now", lambda: NOW)
    client.force_login(cast.colleague("Lou", Role(role), is_limited=limited))
    page = " ".join(client.get("/models/").content.decode().split())
    assert "1 event type came in the last 7 days and counts for nothing until it is weighed." in page
    assert ('name="worth"' in page) == (role == "admin")
    assert ("An admin can weigh them." in page) == (role != "admin")
    assert ("Exported" in page) == (not limited), "a name may say what a customer does whom they may not see"


@pytest.mark.parametrize("sent", [{}, {"worth": "everything"}, {"worth": ""}])
def test_a_made_up_worth_changes_nothing(kinds, client, sent):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    assert client.post(f"/models/weigh/{kinds['Exported'].pk}/", {**sent, "next": "https://evil.example/"}).url == (
        "/models/#not-weighed"
    )
    for nobody in (999_999, 10**30):
        assert client.post(f"/models/weigh/{nobody}/", {"worth": "lot"}).status_code == 404
    assert not ScoringModel.objects.drafts().exists()
