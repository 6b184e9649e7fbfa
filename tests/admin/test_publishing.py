"""Publishing a draft: what will change is said first; refusals are sentences."""

import pytest
from django.db import IntegrityError

from events.models import EventType
from scoring.forms.add_weights import EventTypesForm
from scoring.model_versions import versions
from scoring.models import CurrentScore, ScoringModel, Status
from scoring.runs import run
from tests.admin.browsing import said, seen
from tests.admin.test_scoring_models import LIST, save, url
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.get(), now=NOW)


def page(draft):
    """Return where a draft is published; the admin's button leads there."""
    return f"/models/{draft.pk}/publish/"


def test_the_button_leads_to_the_page_that_shows_the_differences_and_asks_for_a_note(desk, ada, draft):
    assert f'href="{page(draft)}"' in desk.get(url(draft)).content.decode()
    assert "Reason, kept with the version" in seen(desk.get(page(draft)))
    desk.post(page(draft), {"note": "Meetings matter"})
    draft.refresh_from_db()
    assert draft.note == "Meetings matter"
    assert f'href="{page(draft)}"' not in desk.get(url(draft)).content.decode()


def test_an_admin_changes_a_weight_and_publishes_and_everybody_is_rescored(desk, ada, draft):
    acme = cast.customer("Acme")
    cast.counted(acme, "Meeting held", 0)
    run.score_everyone(now=NOW)
    assert CurrentScore.objects.get(customer=acme).engagement == 800

    save(desk, draft, "Meeting held", points="12")
    question = seen(desk.get(page(draft)))
    assert "Meeting held, points: 8.00 → 12.00" in question
    answer = desk.post(page(draft), follow=True)
    assert said(answer) == [f"Version {draft.pk} is published. All customers are rescored within a minute."]

    draft.refresh_from_db()
    assert (draft.status, draft.published_at, draft.published_by) == (Status.PUBLISHED, NOW, ada)
    run.score_everyone(now=NOW)  # as its bell does every few seconds
    assert CurrentScore.objects.get(customer=acme).engagement == 1200


def test_asking_publishes_nothing(desk, draft):
    desk.get(page(draft))
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_the_question_tells_every_kind_of_change(desk, draft):
    dance = EventType.objects.create(name="Dance", channel="web", created_at=NOW)
    desk.post(url(draft, "event-types"), {"event_types": [dance.pk]})
    save(desk, draft, "Meeting held", DELETE="on")
    save(desk, draft, window="60")
    save(desk, draft, "Engagement", weight="80")
    meeting = draft.weights.get(event_type__name="Webinar attended").event_type
    meeting.is_activity = False
    meeting.save()
    question = seen(desk.get(page(draft)))
    assert "Meeting held: no longer in it" in question
    assert "window in days: 30 → 60" in question
    assert "Dance: new, points 0.00, daily cap 10, activity yes" in question
    assert "Engagement, weight: 30 → 80" in question
    assert "Webinar attended, activity: yes → no" in question


def test_the_question_says_when_nothing_differs(desk, draft):
    assert "No differences." in seen(desk.get(page(draft)))


def test_a_draft_without_weights_is_refused_with_a_sentence(desk, draft):
    draft.weights.all().delete()
    answer = desk.post(page(draft), follow=True)
    assert said(answer) == ["Give the draft at least one weight and one health factor before you publish it."]


def test_a_refusal_of_the_database_is_a_message(desk, draft, monkeypatch):
    def refuse(*args, **kwargs):
        raise IntegrityError("Two versions cannot count at once.\nDETAIL: Key (status)")

    monkeypatch.setattr("scoring.model_versions.versions.publish", refuse)
    assert said(desk.post(page(draft), follow=True)) == ["Two versions cannot count at once."]


def test_who_published_and_who_copied_is_written_down(desk, ada, draft):
    desk.post(page(draft))
    desk.post(url(draft, "copy"))
    assert "Ada" in seen(desk.get(url(draft)))
    copy = ScoringModel.objects.drafts().get()
    assert f"Copied from {draft}." in seen(desk.get(url(copy, "history")))


def test_a_published_version_takes_in_no_event_types(desk, draft):
    versions.publish(draft, now=NOW, by=None)
    answer = desk.get(url(draft, "event-types"), follow=True)
    assert said(answer) == ["This version was published. Copy it to a draft."]


def test_nor_when_it_was_published_while_they_were_chosen(desk, draft, monkeypatch):
    dance = EventType.objects.create(name="Dance", channel="web", created_at=NOW)
    save_form = EventTypesForm.save

    def save_too_late(form):
        versions.publish(draft, now=NOW, by=None)
        return save_form(form)

    monkeypatch.setattr(EventTypesForm, "save", save_too_late)
    answer = desk.post(url(draft, "event-types"), {"event_types": [dance.pk]}, follow=True)
    assert said(answer) == [f"Scoring model version {draft.pk} was published and never changes; edit a draft instead."]
    assert not dance.weights.exists()


def test_versions_are_not_made_from_nothing(desk):
    assert desk.get(f"{LIST}add/").status_code == 403
