"""Surveys made and changed: what runs keeps its questions; what cannot be put to people says what is missing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.web import pictures
from surveys import kinds, lifecycle
from surveys.models import Survey, SurveyStatus
from surveys.questionnaire import checking, questions, templates
from tests.conftest import NOW
from tests.pictures import png
from tests.surveys.conftest import running

pytestmark = pytest.mark.django_db


def draft(template="nps"):
    return lifecycle.create(template, now=NOW, by=None)


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_every_template_can_be_started_as_it_is_in_all_languages(name):
    survey = lifecycle.start(draft(name), now=NOW)
    assert survey.languages == ["en", "fr", "ru"]
    assert not checking.problems(survey)
    survey_questions = questions.load(survey.questions)
    for question in survey_questions:
        assert len({question.text("text", language) for language in survey.languages}) == 3, question.key


def test_what_runs_keeps_its_questions_and_may_change_its_looks():
    survey = running()
    with pytest.raises(lifecycle.InvalidState):
        lifecycle.change(survey, {"questions": survey.questions[:1]})
    with pytest.raises(lifecycle.InvalidState):
        lifecycle.change(survey, {"is_confidential": True})
    assert lifecycle.change(survey, {"colour": "#aa0000", "name": "Pulse"}).name == "Pulse"


def test_a_new_version_takes_the_place_of_the_one_before_when_it_starts():
    old = running()
    new = lifecycle.new_version(old, now=NOW, by=None)
    assert (new.version, new.before, new.status) == (2, old, SurveyStatus.DRAFT)
    assert lifecycle.new_version(old, now=NOW, by=None) == new
    lifecycle.change(new, {"questions": new.questions[:1]})
    lifecycle.start(new, now=NOW)
    old.refresh_from_db()
    assert (old.status, old.closed_at) == (SurveyStatus.CLOSED, NOW)


def test_a_copy_has_a_life_of_its_own():
    survey = running()
    other = lifecycle.copy(survey, now=NOW, by=None)
    assert (other.status, other.before, other.questions) == (SurveyStatus.DRAFT, None, survey.questions)
    assert other.link != survey.link


def test_only_drafts_are_deleted_and_only_what_runs_is_closed():
    survey = running()
    with pytest.raises(lifecycle.InvalidState):
        lifecycle.delete(survey)
    lifecycle.close(survey, now=NOW)
    with pytest.raises(lifecycle.InvalidState):
        lifecycle.close(survey, now=NOW)
    lifecycle.delete(draft())


def test_what_has_had_its_last_day_closes_by_itself():
    survey = running(closes_on=NOW.date())
    assert lifecycle.close_what_is_over(now=NOW) == 0
    assert lifecycle.close_what_is_over(now=NOW + timedelta(days=1)) == 1
    assert Survey.objects.get(pk=survey.pk).status == SurveyStatus.CLOSED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("languages", []),
        ("languages", ["xx"]),
        ("colour", "red"),
        ("colour", "#12345g"),
        ("widget_origins", ["javascript:alert(1)"]),
        ("widget_origins", ["https://a.example/; script-src *"]),
        ("texts", {"en": {"title": "", "subject": "Hi"}}),
        ("texts", {"en": {"title": "T", "subject": "Hi\r\nBcc: x@y.example"}, "fr": {}, "ru": {}}),
        ("questions", []),
        ("questions", [{"key": "score"}]),
        ("questions", [{"nonsense": 1}]),
        ("questions", [{"key": "score", "type": "rating", "low": 1, "high": 10, "texts": {}}]),
        ("questions", [{"key": "score", "type": "rating", "low": 0, "high": 10, "texts": 3}]),
        ("questions", "what"),
    ],
)
def test_what_cannot_be_put_to_people_is_refused_by_field(field, value):
    with pytest.raises(ValidationError) as refusal:
        lifecycle.change(draft(), {field: value})
    assert field in refusal.value.message_dict


def test_a_one_to_ten_scale_is_no_nps():
    survey = draft()
    survey.questions[0].update(low=1)
    assert "It is a rating from 0 to 10." in checking.problems(survey)["questions"][0]


def test_a_logo_is_a_picture_of_a_size():
    picture = png()
    assert lifecycle.keep_logo(picture) == lifecycle.keep_logo(picture)
    wrong = (
        b"<svg onload='alert(1)'/>",
        b"RIFF0000AVI ",
        picture + bytes(pictures.LARGEST),
        b"",
        picture[:12],
        png(4_001, 1),
    )
    for body in wrong:
        with pytest.raises(ValidationError):
            lifecycle.keep_logo(body)


@pytest.mark.parametrize(
    ("kind", "marks", "score", "group"),
    [
        ("nps", {"score": 9}, 9, "promoter"),
        ("nps", {"score": 8}, 8, "passive"),
        ("nps", {"score": 7}, 7, "passive"),
        ("nps", {"score": 6}, 6, "detractor"),
        ("csat", {"score": 4}, 4, "satisfied"),
        ("csat", {"score": 3}, 3, "neutral"),
        ("csat", {"score": 2}, 2, "dissatisfied"),
        ("effort", {"score": 5}, 5, "easy"),
        ("effort", {"score": 4}, 4, "middling"),
        ("effort", {"score": 3}, 3, "hard"),
        ("cxi", dict.fromkeys(kinds.CXI.keys, 5), 4, "satisfied"),
        ("cxi", {**dict.fromkeys(kinds.CXI.keys, 3), "effort": 1}, -1, "dissatisfied"),
        ("cxi", {"effort": 5}, None, None),
        ("free", {"question": "x"}, None, None),
    ],
)
def test_an_answer_falls_into_its_group(kind, marks, score, group):
    survey_kind = kinds.get(kind)
    given = survey_kind.group_of(survey_kind.score(marks))
    assert (survey_kind.score(marks), given.name if given else None) == (score, group)
