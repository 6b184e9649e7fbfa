"""A survey is looked at before anybody is asked: the page and the mails in frames of ours, and a mail to oneself."""

import pytest
from django.core import mail
from django.utils import timezone

from core.models import Outgoing
from core.outbox import queue
from surveys import lifecycle
from surveys.models import Answer, Invitation
from surveys.sending import test_mails
from tests.conftest import NOW
from tests.surveys.conftest import running
from tests.surveys.pages.conftest import text

FRAMES = ("fr/page/", "en/mail/", "ru/reminder/")


def at(survey, part=""):
    return f"/surveys/{survey.pk}/preview/{part}"


def policy(response):
    pairs = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: words for name, _space, words in pairs}


@pytest.fixture
def survey(colleagues):
    return running()


def test_the_preview_shows_page_and_mail_in_the_language_asked_for(as_lead, survey):
    page = as_lead.get(at(survey), {"language": "fr"})
    for part in ("fr/page/", "fr/mail/"):
        assert f'src="{at(survey, part)}"' in text(page)
    assert policy(page)["frame-src"] == "'self'" and policy(page)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("language", ["xx", "", "%00", "fr" * 40])
def test_another_language_shows_one_of_the_surveys(as_lead, survey, language):
    assert 'src="' + at(survey, "en/page/") in text(as_lead.get(at(survey), {"language": language}))


@pytest.mark.parametrize("part", FRAMES)
def test_only_our_own_pages_may_frame_them(as_lead, survey, part):
    frame = as_lead.get(at(survey, part))
    assert frame.status_code == 200
    assert policy(frame)["frame-ancestors"] == "'self'" and frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" in policy(frame) and policy(frame)["script-src"] == "'self'"
    assert f'lang="{part[:2]}"' in text(frame)


@pytest.mark.parametrize("part", ["xx/page/", "en/nothing/", "xx/mail/"])
def test_what_there_is_not_is_not_found(as_lead, survey, part):
    assert as_lead.get(at(survey, part)).status_code == 404


def test_a_language_the_survey_does_not_speak_is_not_shown(as_lead):
    assert as_lead.get(at(running(languages=["en"]), "fr/page/")).status_code == 404


def test_looking_asks_nobody(as_lead, survey):
    for part in ("", *FRAMES):
        as_lead.get(at(survey, part))
    as_lead.post("/s/preview/", {"score": "9"})
    assert not Answer.objects.exists() and not Invitation.objects.exists() and not Outgoing.objects.exists()


def test_a_test_goes_to_who_asked_for_it_and_says_what_it_is(as_lead, survey, colleagues):
    for _twice in range(2):
        page = as_lead.post(f"/surveys/{survey.pk}/test/", {"language": "fr"}, follow=True)
        assert "Sending a test to lea@example.com." in text(page)
    queue.send(clock=timezone.now)
    (sent,) = mail.outbox
    assert sent.to == ["lea@example.com"]
    assert sent.subject.startswith("[Test] ") and "Ceci est un test" in sent.body
    html = sent.alternatives[0][0]
    assert html.index("Ceci est un test") > html.index("<body")
    assert "List-Unsubscribe" not in sent.message()
    assert not Invitation.objects.exists()


def test_a_test_of_a_survey_deleted_meanwhile_is_dropped(as_lead, colleagues):
    draft = lifecycle.create("nps", now=NOW, by=None)
    test_mails.send(draft, "en", to=colleagues["lead"], now=NOW)
    lifecycle.delete(draft)
    queue.send(clock=timezone.now)
    assert not mail.outbox and Outgoing.objects.get().state == Outgoing.State.DROPPED


def test_viewers_look_and_send_no_test(client, colleagues, survey):
    client.force_login(colleagues["viewer"])
    assert client.get(at(survey)).status_code == 200
    assert client.post(f"/surveys/{survey.pk}/test/", {"language": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("template", "group", "question", "mark"),
    [
        ("nps", "passive", "What would make it a 9 or a 10?", "8"),
        ("csat", "dissatisfied", "What should we have done better?", "2"),
        ("effort", "hard", "What made it hard?", "3"),
        ("cxi", "neutral", "What should change first?", "3"),
    ],
)
def test_what_a_group_is_asked_besides_is_shown_with_an_example(as_lead, colleagues, template, group, question, mark):
    survey = running(template)
    assert f"en/page/?after={group}" in text(as_lead.get(at(survey), {"language": "en"}))
    frame = text(as_lead.get(at(survey, "en/page/"), {"after": group}))
    assert question in frame and f"<strong>{mark}</strong>" in frame


@pytest.mark.parametrize("after", ["hard", "x", "", "%00"])
def test_no_other_group_has_a_page(as_lead, survey, after):
    assert as_lead.get(at(survey, "en/page/"), {"after": after}).status_code == 404
