"""Versions of the scoring model: drafts are edited, published ones are looked at."""

import re
from decimal import Decimal

import pytest

from events.models import EventType
from scoring.admin import ScoringModelAdmin
from scoring.model_versions import versions
from scoring.models import ScoringModel
from tests.admin.browsing import as_it_stands, said, seen
from tests.conftest import NOW
from tests.pages import cast

LIST = "/admin/scoring/scoringmodel/"


@pytest.fixture
def current(begun):
    return ScoringModel.objects.current()


@pytest.fixture
def draft(current):
    """A draft of few rows: the form of all 41 weights takes a second to save."""
    draft = versions.draft_from(current, now=NOW)
    draft.weights.exclude(event_type__name__in=["Meeting held", "Signed in"]).delete()
    draft.factors.exclude(kind__in=["engagement", "days_since_activity"]).delete()
    return draft


def url(model, action="change"):
    return f"{LIST}{model.pk}/{action}/"


def prefix_of(page, name):
    """Return the prefix of the form in which the event type's weight, or the factor of a kind, is edited."""
    forms = [form for inline in page.context["inline_admin_formsets"] for form in inline.formset.forms]
    return next(form.prefix for form in forms if re.match(rf"{name}\b", str(form.instance)))


def save(desk, model, name=None, **changed):
    """Save the draft's form with some fields of one row, or of the model itself, changed."""
    page = desk.get(url(model))
    dash = f"{prefix_of(page, name)}-" if name else ""
    sent = {**as_it_stands(page), **{dash + key: value for key, value in changed.items()}}
    return desk.post(url(model), sent, follow=True)


def test_the_list_says_which_version_counts_since_when_and_by_whom(desk, ada, draft):
    versions.publish(draft, now=NOW, by=ada)
    page = seen(desk.get(LIST))
    assert re.search(rf"v{draft.pk} Starter model Published 15 Jun 2026, 12:00 Ada", page)
    assert "Retired" in page


def test_a_copy_is_edited_weight_by_weight(desk, current):
    answer = desk.post(url(current, "copy"), follow=True)
    draft = answer.context["original"]
    save(desk, draft, "Meeting held", points="12.50", daily_cap="3", window="90", half_life="30", per_contact="on")
    weight = draft.weights.get(event_type__name="Meeting held")
    changed = (weight.points, weight.daily_cap, weight.window, weight.half_life, weight.per_contact)
    assert changed == (Decimal("12.50"), 3, 90, 30, True)
    assert current.weights.get(event_type__name="Meeting held").points == 8


def test_each_weight_says_its_event_type_and_channel(desk, draft):
    assert re.search(r"Meeting held In person\b", seen(desk.get(url(draft))))


def test_a_weight_and_a_factor_can_be_taken_out(desk, draft):
    before = draft.factors.count()
    save(desk, draft, "Meeting held", DELETE="on")
    save(desk, draft, "Days since last activity", DELETE="on")
    assert not draft.weights.filter(event_type__name="Meeting held").exists()
    assert draft.factors.count() == before - 1


def test_event_types_not_weighed_yet_are_offered_and_taken_in_with_no_points(desk, current):
    draft = versions.draft_from(current, now=NOW)  # with all that are weighed
    dance, waltz = (EventType.objects.create(name=name, channel="web", created_at=NOW) for name in ("Dance", "Waltz"))
    assert "Add event types (2 not weighed)" in seen(desk.get(url(draft)))
    assert "Web: Dance" in seen(desk.get(url(draft, "event-types")))
    answer = desk.post(url(draft, "event-types"), {"event_types": [dance.pk]}, follow=True)
    assert said(answer) == ["Event types added: 1. Set their points below."]
    assert draft.weights.get(event_type=dance).points == 0
    assert not draft.weights.filter(event_type=waltz).exists()


def test_an_event_type_that_is_weighed_already_is_not_taken_in_twice(desk, draft):
    weighed = draft.weights.first().event_type
    page = seen(desk.post(url(draft, "event-types"), {"event_types": [weighed.pk]}))
    assert "is not one of the available choices" in page


@pytest.mark.parametrize(
    ("name", "wrong", "error"),
    [
        (None, {"somewhat_to": "30"}, "Each engagement band must begin above the one before it."),
        (None, {"yellow_from": "80"}, "Health bands must lie between 0 and 100, yellow below green."),
        (None, {"window": "731"}, "less than or equal to 730"),
        (None, {"window": "0"}, "greater than or equal to 1"),
        (None, {"window": ""}, "This field is required"),
        (None, {"half_life": "99999999"}, "less than or equal to"),
        (None, {"least_coverage": "101"}, "less than or equal to 100"),
        ("Meeting held", {"points": "1000.01"}, "less than or equal to 1000"),
        ("Meeting held", {"points": "-1001"}, "greater than or equal to -1000"),
        ("Meeting held", {"points": "NaN"}, "Enter a number"),
        ("Meeting held", {"daily_cap": "0"}, "greater than or equal to 1"),
        ("Meeting held", {"daily_cap": "100001"}, "less than or equal to 100000"),
        ("Meeting held", {"window": "731"}, "less than or equal to 730"),
        ("Engagement", {"best": "0"}, "The worst and the best value must differ."),
        ("Engagement", {"null_rule": "fixed"}, "Give a fixed value from 0 to 100 exactly when the rule asks for one."),
        ("Engagement", {"fixed_value": "50"}, "Give a fixed value from 0 to 100 exactly when the rule asks for one."),
        ("Engagement", {"kind": "days_since_activity"}, "duplicate"),
        ("Engagement", {"weight": "1001"}, "less than or equal to 1000"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form_and_nothing_is_saved(desk, draft, name, wrong, error):
    before = str(list(ScoringModel.objects.filter(pk=draft.pk).values()))
    assert error in seen(save(desk, draft, name, **wrong))
    assert str(list(ScoringModel.objects.filter(pk=draft.pk).values())) == before


@pytest.mark.parametrize("status", ["published", "retired"])
def test_what_was_published_is_only_looked_at(desk, current, draft, status):
    versions.publish(draft, now=NOW, by=None)
    model = ScoringModel.objects.get(status=status)
    page = desk.get(url(model))
    assert 'name="_save"' not in page.content.decode()
    assert "Meeting held In person 8.00 " in seen(page)
    assert desk.get(url(model, "delete")).status_code == 403


def test_whoever_edits_a_draft_that_was_published_meanwhile_is_told_and_nothing_changes(desk, draft):
    sent = as_it_stands(desk.get(url(draft)))
    versions.publish(draft, now=NOW, by=None)
    answer = desk.post(url(draft), {**sent, "window": "60"}, follow=True)
    assert said(answer) == ["This version has been published in the meantime. Copy it to a draft."]
    assert ScoringModel.objects.get(pk=draft.pk).window == 30


def test_a_change_the_database_refuses_is_a_message(desk, draft, monkeypatch):
    """Published between the check and the writing: the trigger speaks."""
    save_model = ScoringModelAdmin.save_model

    def save_too_late(self, request, obj, form, change):
        versions.publish(draft, now=NOW, by=None)
        save_model(self, request, obj, form, change)

    monkeypatch.setattr(ScoringModelAdmin, "save_model", save_too_late)
    assert said(save(desk, draft, window="60")) == [
        f"Scoring model version {draft.pk} was published and never changes; edit a draft instead."
    ]
    assert ScoringModel.objects.get(pk=draft.pk).window == 30


def test_a_draft_can_be_deleted(desk, draft):
    desk.post(url(draft, "delete"), {"post": "yes"})
    assert not ScoringModel.objects.filter(pk=draft.pk).exists()


def test_a_version_that_is_not_there_is_no_error(desk):
    for action in ("copy", "event-types"):
        assert desk.get(f"{LIST}999/{action}/").status_code == 404
        assert desk.get(f"{LIST}x/{action}/").status_code == 404


def test_looking_at_a_version_costs_the_same_however_many_weights_it_has(desk, current, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        desk.get(url(current))


def test_scores_name_their_version_so_that_a_used_version_stays(desk, current):
    cast.score(cast.customer("Acme"), model=current)
    assert desk.post(url(current, "delete"), {"post": "yes"}).status_code == 403
