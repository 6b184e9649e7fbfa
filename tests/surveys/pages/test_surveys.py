"""The list, a survey's page, and what is done with a survey as a whole."""

import pytest
from django.urls import reverse

from customers.models import Segment
from surveys import lifecycle
from surveys.answering import answers, direct_answers
from surveys.models import Survey, SurveyStatus, Wave
from surveys.sending import distributions
from tests.conftest import NOW
from tests.surveys.conftest import invited, people, running
from tests.surveys.pages.conftest import text

SURE = {"sure": "yes"}


def at(name, survey, **more):
    return reverse(f"surveys:{name}", kwargs={"pk": survey.pk, **more})


def draft(**fields):
    return lifecycle.change(lifecycle.create("nps", now=NOW, by=None), fields)


def test_with_nothing_there_makers_are_led_to_the_templates(client, colleagues):
    for role, words in (("lead", "Choose a template"), ("csm", "Admins and leads make surveys")):
        client.force_login(colleagues[role])
        assert words in text(client.get("/surveys/"))


def test_a_template_shows_its_first_question_and_how_many_it_has(as_lead):
    page = text(as_lead.get("/surveys/new/"))
    assert "How likely are you to recommend us to a friend or colleague?" in page
    assert "Scale 0 to 10 · 4 questions" in page and " 0 questions" not in page


def test_the_list_says_how_many_answered(as_lead, colleagues):
    survey = running(name="Spring")
    people(3)
    for invitation in invited(survey, by=colleagues["lead"])[:2]:
        answers.submit(invitation, {"score": ["9"]}, now=NOW)
    page = text(as_lead.get("/surveys/"))
    assert 'data-label="Answers"> 2 </td>' in page
    assert reverse("surveys:send", args=[survey.pk]) in page


def test_a_survey_says_what_it_asks_of_whom(as_lead):
    page = text(as_lead.get(at("survey", running())))
    assert "How likely are you to recommend us to a friend or colleague?" in page
    assert "Rating from 0 to 10 · Not at all likely – Extremely likely" in page
    assert "Asked of: Detractor" in page


def test_it_shows_the_link_and_what_to_paste(as_lead, settings):
    settings.PUBLIC_ADDRESS = "https://rapport.example"
    survey = running(widget_origins=["https://app.example"])
    page = text(as_lead.get(at("survey", survey)))
    assert f"https://rapport.example/s/to/{survey.link}/" in page
    assert f"survey-widget.js&quot; data-survey=&quot;{survey.link}&quot; defer&gt;" in page
    assert "May be shown on: https://app.example" in page


def test_starting_says_what_will_happen_and_then_does_it(as_lead, colleagues):
    before = running()
    survey = lifecycle.new_version(before, now=NOW, by=None)
    page = text(as_lead.get(at("start", survey)))
    assert "Its questions can no longer change then" in page and "is closed and its survey distributions end" in page
    assert Survey.objects.get(pk=survey.pk).status == SurveyStatus.DRAFT
    assert "Survey started." in text(as_lead.post(at("start", survey), SURE, follow=True))
    assert list(Survey.objects.order_by("version").values_list("status", flat=True)) == ["closed", "running"]


def test_what_cannot_start_leads_to_what_is_missing(as_lead):
    survey = draft()
    Survey.objects.filter(pk=survey.pk).update(texts={})
    page = text(as_lead.get(at("survey", survey)))
    assert "Before it can start:" in page and at("start", survey) not in page
    assert as_lead.get(at("start", survey))["Location"] == at("edit", survey)
    as_lead.post(at("start", survey), SURE)
    assert Survey.objects.get().status == SurveyStatus.DRAFT


def test_closing_asks_first(as_lead):
    survey = running()
    assert "It accepts no more answers" in text(as_lead.get(at("close", survey)))
    assert "Survey closed." in text(as_lead.post(at("close", survey), SURE, follow=True))
    assert as_lead.get(at("close", survey)).status_code == 404


def test_a_new_version_is_one_draft_however_often_it_is_asked_for(as_lead):
    survey = running()
    assert "A draft with the same questions is created." in text(as_lead.get(at("new-version", survey)))
    first = as_lead.post(at("new-version", survey), SURE)
    again = as_lead.post(at("new-version", survey), SURE)
    made = Survey.objects.get(before=survey)
    assert first["Location"] == at("edit", made) and again["Location"] == at("survey", made)


def test_copying_and_deleting_a_draft(as_lead):
    survey = draft()
    copy = as_lead.post(at("copy", survey), SURE)["Location"]
    assert copy == at("edit", Survey.objects.latest("pk"))
    assert "deleted for good" in text(as_lead.get(at("delete", survey)))
    assert "is deleted." in text(as_lead.post(at("delete", survey), SURE, follow=True))
    assert not Survey.objects.filter(pk=survey.pk).exists()
    assert as_lead.get(at("delete", running())).status_code == 404


@pytest.mark.parametrize("role", ["csm", "viewer"])
@pytest.mark.parametrize("name", ["new", "edit", "start", "close", "copy", "new-version", "delete"])
def test_only_admins_and_leads_make_surveys(client, colleagues, role, name):
    survey = running() if name in ("close", "new-version") else draft()
    path = reverse("surveys:new") if name == "new" else at(name, survey)
    client.force_login(colleagues[role])
    before = list(Survey.objects.values_list("status"))
    assert client.post(path, {"template": "nps", **SURE}).status_code == 403
    assert list(Survey.objects.values_list("status")) == before


def test_a_sending_is_ended_by_makers_and_by_who_began_it(client, colleagues):
    survey = running()
    waves = [
        distributions.begin(Wave(survey=survey, rule="drip", by=colleagues["csm"], starts_at=NOW), now=NOW)
        for _n in range(2)
    ]
    other = Wave.objects.create(survey=survey, rule="drip", by=colleagues["lead"], starts_at=NOW)
    for role, wave, status in (
        ("csm", other, 403),
        ("viewer", waves[0], 403),
        ("csm", waves[0], 302),
        ("lead", waves[1], 302),
    ):
        client.force_login(colleagues[role])
        assert client.post(at("end-sending", survey, wave=wave.pk), SURE).status_code == status
    assert set(Wave.objects.exclude(ended_at=None)) == set(waves)
    assert client.post(at("end-sending", draft(), wave=other.pk), SURE).status_code == 404, "of another survey"


def test_a_view_of_somebody_elses_own_is_not_named(client, colleagues):
    survey = running()
    view = Segment.objects.create(name="Secret", owner=colleagues["lead"], created_at=NOW)
    Wave.objects.create(survey=survey, segment=view, by=colleagues["lead"], starts_at=NOW)
    client.force_login(colleagues["csm"])
    page = text(client.get(at("survey", survey)))
    assert "Secret" not in page and "a colleague’s own segment" in page


def test_the_key_to_sign_with_is_shown_to_makers_only(client, colleagues):
    survey = running()
    for role, is_shown in (("admin", True), ("lead", True), ("csm", False), ("viewer", False)):
        client.force_login(colleagues[role])
        assert (direct_answers.key_of(survey) in text(client.get(at("survey", survey)))) is is_shown
