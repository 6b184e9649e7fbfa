"""A draft is written on one page: every text in every language, questions added, moved, taken out before saving."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from surveys import lifecycle
from surveys.forms import about, question
from surveys.models import Logo, Survey, SurveyStatus
from surveys.questionnaire import questions
from tests.conftest import NOW
from tests.pictures import png
from tests.surveys.conftest import running
from tests.surveys.pages.conftest import text


@pytest.fixture
def draft(colleagues):
    with translation.override("en"):
        return lifecycle.create("nps", now=NOW, by=colleagues["lead"])


def entered(survey, **changes):
    """Return what a browser would send of the form as it is shown."""
    data = {name: value for name, value in about.shown(survey).items() if value not in (None, False)}
    data["seen"] = ""
    survey_questions = questions.load(survey.questions)
    for i, shown in enumerate(survey_questions):
        data |= {f"q{i}-{name}": value for name, value in question.shown(shown).items() if value not in (None, False)}
    return {**data, "count": len(survey_questions), "act": "save", **changes}


def seen(response):
    return response.context["editor"].seen


def sent(client, survey, **changes):
    at = f"/surveys/{survey.pk}/edit/"
    return client.post(at, {**entered(survey), "seen": seen(client.get(at)), **changes})


def test_saving_what_is_shown_changes_nothing(as_lead, draft):
    before = {name: getattr(draft, name) for name in lifecycle.FIELDS}
    assert sent(as_lead, draft).status_code == 302
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in lifecycle.FIELDS} == before


def test_each_field_is_kept(as_lead, draft):
    answer = sent(
        as_lead,
        draft,
        **{
            "name": "Spring",
            "languages": ["en", "fr"],
            "title-en": "Hello",
            "q0-text-fr": "Et alors ?",
            "q1-key": "loves",
            "colour": "#AA0033",
            "basis": "consent",
            "is_confidential": "on",
            "closes_on": "2026-07-01",
            "reminder_days": "5",
            "widget_origins": "https://App.example/\nhttp://localhost:3000",
        },
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.name, draft.languages, draft.colour, draft.basis) == ("Spring", ["en", "fr"], "#aa0033", "consent")
    assert draft.text("title", "en") == "Hello" and draft.is_confidential and draft.reminder_days == 5
    assert draft.widget_origins == ["https://app.example", "http://localhost:3000"]
    kept = questions.load(draft.questions)
    assert kept[0].text("text", "fr") == "Et alors ?" and kept[1].key == "loves"
    assert set(kept[0].texts) == {"en", "fr"}, "what is in no language of the survey is not kept"


def test_a_question_is_added_moved_and_taken_out_without_saving(as_lead, draft):
    page = sent(as_lead, draft, act="add-choice", **{"q1-text-en": "Typed just now"})
    editor = page.context["editor"]
    assert [form.kind_of_answer for form in editor.questions] == ["rating", "text", "text", "text", "choice"]
    assert "Typed just now" in text(page)
    page = sent(as_lead, draft, act="down-1", **{"q1-text-en": "Typed just now"})
    assert page.context["editor"].questions[2]["text-en"].value() == "Typed just now"
    page = sent(as_lead, draft, act="remove-1")
    assert len(page.context["editor"].questions) == 3
    assert not page.context["editor"].errors
    draft.refresh_from_db()
    assert len(draft.questions) == 4, "nothing is saved by these buttons"


@pytest.mark.parametrize(
    "act", ["remove-0", "up-0", "up-1", "down-3", "remove-99", "remove-x", "add-sound", "fly", "up-"]
)
def test_what_a_kind_begins_with_stays_in_front(as_lead, draft, act):
    page = sent(as_lead, draft, act=act)
    assert [form["key"].value() for form in page.context["editor"].questions] == ["score", "like", "lift", "wrong"]


def test_an_added_question_is_saved_with_a_key_of_its_own(as_lead, draft):
    added = {
        "count": 5,
        "q4-type": "choices",
        "q4-shown_to": ["promoter"],
        "q4-key": "",
        **{f"q4-text-{code}": "Which?" for code in ("en", "fr", "ru")},
        **{f"q4-options-{code}": "One\n\nTwo\n" for code in ("en", "fr", "ru")},
    }
    assert sent(as_lead, draft, **added).status_code == 302
    draft.refresh_from_db()
    new = questions.load(draft.questions)[4]
    assert (new.key, new.type, new.shown_to) == ("question-1", "choices", ("promoter",))
    assert new.options("en") == [("1", "One"), ("2", "Two")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"languages": []}, "Choose at least one language."),
        ({"title-fr": " "}, "Please write it in this language, or leave the language out."),
        ({"q0-text-ru": ""}, "Please write it in this language, or leave the language out."),
        ({"q1-key": "Not A Key"}, "A key is up to 40 small letters"),
        ({"q1-key": "score"}, "Two questions have the same key."),
        ({"q1-type": "choice", "q1-options-en": "One"}, "Offer 2 to 20 answers, one on each line."),
        (
            {"q1-type": "choice", "q1-options-en": "1\n2", "q1-options-fr": "1\n2\n3", "q1-options-ru": "1\n2"},
            "Offer as many answers in each language",
        ),
        ({"q1-type": "rating", "q1-low": "0", "q1-high": "11"}, "A scale has 2 to 11 whole numbers"),
        ({"q1-shown_to": "hard"}, "Select a valid choice"),
        ({"colour": "red"}, "A colour looks like #1257b0."),
        ({"closes_on": "2026-06-14"}, "or a later day."),
        ({"reminder_days": "0"}, "greater than or equal to 1"),
        ({"widget_origins": "ftp://x"}, "is not a site such as https://app.example."),
        ({"logo": "0" * 64}, "Choose the logo again."),
        ({"count": "x"}, "Ask at least one question."),
        ({"subject-en": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_saved(as_lead, draft, changes, words):
    assert words in text(sent(as_lead, draft, **changes), 400)
    stored = Survey.objects.get()
    assert (stored.name, stored.questions) == (draft.name, draft.questions)


def test_a_logo_is_kept_though_something_else_is_wrong(as_lead, draft):
    picture = SimpleUploadedFile("logo.png", png(), "image/png")
    page = sent(as_lead, draft, name="", logo_file=picture)
    assert page.status_code == 400
    digest = page.context["editor"].about["logo"].value()
    assert Logo.objects.get().pk == digest
    assert sent(as_lead, draft, logo=digest).status_code == 302
    assert Survey.objects.get().logo_id == digest
    assert sent(as_lead, draft, logo=digest, no_logo="on").status_code == 302
    assert Survey.objects.get().logo_id is None


def test_what_is_no_picture_is_refused(as_lead, draft):
    page = sent(as_lead, draft, logo_file=SimpleUploadedFile("logo.svg", b"<svg onload='x'/>", "image/png"))
    assert "The logo must be a PNG, JPEG or WebP picture." in text(page, 400)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(as_lead, draft):
    old = seen(as_lead.get(f"/surveys/{draft.pk}/edit/"))
    lifecycle.change(draft, {"name": "Theirs"})
    page = sent(as_lead, draft, seen=old, name="Mine")
    assert "A colleague changed the survey in the meantime. Save again to overwrite it." in text(page, 400)
    assert Survey.objects.get().name == "Theirs"
    assert sent(as_lead, draft, seen=seen(page), name="Mine").status_code == 302
    assert Survey.objects.get().name == "Mine"


def test_of_what_runs_only_that_changes_on_which_no_answer_rests(as_lead):
    survey = running()
    page = text(as_lead.get(f"/surveys/{survey.pk}/edit/"))
    assert "How likely are you to recommend us" in page and 'name="title-en"' not in page
    assert "Make a new version" in page
    answer = sent(as_lead, survey, **{"name": "Renamed", "title-en": "Sneaked in", "count": 1})
    assert answer.status_code == 302
    survey.refresh_from_db()
    assert survey.name == "Renamed" and survey.text("title", "en") == "One question"
    lifecycle.close(survey, now=NOW)
    assert as_lead.get(f"/surveys/{survey.pk}/edit/").status_code == 404


def test_saving_may_lead_on(as_lead, draft):
    assert sent(as_lead, draft, act="preview")["Location"] == f"/surveys/{draft.pk}/preview/"
    assert sent(as_lead, draft, act="start")["Location"] == f"/surveys/{draft.pk}/start/"
    assert Survey.objects.get().status == SurveyStatus.DRAFT


@pytest.mark.parametrize(
    "template", ["nps", "csat", "effort", "support-effort", "cxi", "onboarding", "renewal", "free"]
)
def test_every_template_can_be_saved_as_it_is(as_lead, template):
    answer = as_lead.post("/surveys/new/", {"template": template})
    survey = Survey.objects.get()
    assert answer["Location"] == f"/surveys/{survey.pk}/edit/"
    assert sent(as_lead, survey).status_code == 302
    before = survey.questions
    survey.refresh_from_db()
    assert survey.questions == before
