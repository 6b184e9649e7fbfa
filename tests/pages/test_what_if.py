"""The what-if page: it says why each customer changes, and how far a base is that is being prepared."""

import pytest

from scoring.model_versions import versions
from scoring.models import Factor, FactorKind, ScoringModel
from scoring.what_if import ask, prepare
from scoring.what_if.prepare import cache
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_models import portfolio  # noqa: F401

HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(client, portfolio):  # noqa: F811
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    cache.clear()
    yield versions.draft_from(ScoringModel.objects.current(), now=NOW)
    cache.clear()


def page(client, draft, **more):
    return client.get(f"/models/{draft.pk}/what-if/", **more)


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def waiting(client, draft, monkeypatch):
    """A draft whose base is being prepared."""
    monkeypatch.setattr(ask, "DIRECT", 0)
    client.post(f"/models/{draft.pk}/what-if/prepare/")
    return draft


def test_each_customer_who_changes_is_told_why(client, draft):
    draft.weights.filter(event_type__name="Report created").update(points=20)
    rows = page(client, draft).context["rows"]
    assert rows
    assert {part.name for row in rows for part in row.why.engagement_summary.parts} == {"Report created"}
    assert "<bdi>Report created</bdi> +" in words(page(client, draft))


def test_what_is_tried_is_said_beside_the_answer(client, draft):
    reports = draft.weights.get(event_type__name="Report created")
    answer = client.get(
        f"/models/{draft.pk}/what-if/?points-{reports.event_type_id}=20&yellow_from={draft.yellow_from}"
    )
    assert f"<li>Report created: {reports.points} → <strong>20</strong></li>" in words(answer)
    assert words(answer).count("→ <strong>20</strong>") == 1


def test_where_only_bounds_move_the_reason_says_so(client, draft):
    ScoringModel.objects.filter(pk=draft.pk).update(yellow_from=1, green_from=2)
    answer = page(client, draft)
    assert answer.context["rows"]
    assert "Health stays the same; the band limits change." in words(answer)


def test_a_page_that_waits_asks_again_by_itself_and_without_javascript_by_a_link(client, waiting):
    said = words(page(client, waiting))
    assert 'hx-trigger="every 2s"' in said
    assert 'aria-live="polite"' in said
    assert "Refresh" in said


def test_asked_by_itself_it_answers_the_state_alone(client, waiting):
    answer = page(client, waiting, headers=HTMX)
    assert "parts are ready" in words(answer)
    assert "<h1" not in words(answer)
    assert "hx-trigger" not in words(answer)
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("end", ["made", "cancelled", "failed"])
def test_it_shows_the_whole_page_once_nothing_is_being_prepared(client, waiting, monkeypatch, end):
    if end == "cancelled":
        client.post(f"/models/{waiting.pk}/what-if/prepare/", {"cancel": "1"})
    elif end == "failed":
        monkeypatch.setattr(prepare, "gather", None)
    while prepare.work(clock=lambda: NOW):
        pass
    assert page(client, waiting, headers=HTMX)["HX-Refresh"] == "true"
    assert 'hx-trigger="every 2s"' not in words(page(client, waiting))
    assert ("comparison" in page(client, waiting).context) == (end == "made")


def test_a_draft_that_became_unfit_while_it_waits_says_so(client, waiting):
    Factor.objects.filter(model=waiting).exclude(kind=FactorKind.ENGAGEMENT).delete()
    Factor.objects.filter(model=waiting).delete()
    assert page(client, waiting, headers=HTMX)["HX-Refresh"] == "true"
