"""The page behind a personal link: what a person sees, and what their POST does."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine

from surveys import lifecycle
from surveys.answering import answers
from surveys.models import Answer, Invitation, Revision
from surveys.sending import tokens
from tests.conftest import NOW
from tests.surveys.conftest import invited, people, running


def chosen(text):
    """Return the values that are chosen on a page."""
    return re.findall(r'value="([^"]*)" checked', text)


def test_the_mails_click_opens_the_page_with_the_choice_made(look, link):
    assert chosen(look(f"{link}?a=9")) == ["9"]
    assert chosen(look(link)) == []
    assert chosen(look(f"{link}?a=11")) == chosen(look(f"{link}?a=<b>")) == []


def test_a_post_records_and_leads_back_to_thanks(stranger, look, link, invitation):
    answer = stranger.post(link, {"score": "9"})
    assert (answer.status_code, answer["Location"]) == (303, link)
    row = Answer.objects.get(id=invitation.id)
    assert (row.score, row.language, row.via) == (9, "en", "email")
    text = look(link)
    assert "has reached us" in text and "<strong>9</strong> of 10" in text
    assert "What do you value most?" in text and "What went wrong?" not in text


def test_the_groups_own_question_is_added_to_the_answer(stranger, look, link, invitation):
    stranger.post(link, {"score": "3"})
    assert "What went wrong?" in look(link)
    answer = stranger.post(link, {"step_": "more", "wrong": "Too slow"})
    assert answer["Location"] == f"{link}?done"
    row = Answer.objects.get(id=invitation.id)
    assert (row.score, row.comment) == (3, "Too slow")
    assert "Too slow" in look(link) and "<form" not in look(link)


def test_who_has_no_more_to_say_is_not_asked_twice(stranger, look, link):
    stranger.post(link, {"score": "3"})
    assert stranger.post(link, {"step_": "more", "wrong": " "})["Location"] == f"{link}?done"
    assert "<form" not in look(f"{link}?done")


def test_an_answer_can_be_changed_for_a_day_and_each_version_is_kept(stranger, look, link, invitation):
    stranger.post(link, {"score": "3"})
    stranger.post(link, {"step_": "more", "wrong": "Too slow"})
    text = look(f"{link}?change")
    assert chosen(text) == ["3"] and "Too slow" in text
    stranger.post(link, {"step_": "change", "score": "8", "wrong": ""})
    row = Answer.objects.get(id=invitation.id)
    assert (row.score, row.marks, row.comment) == (8, {"score": 8}, "")
    kept = Revision.objects.filter(answer_id=invitation.id).order_by("pk")
    assert {revision.score for revision in kept} == {3} and len(kept) == 2
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert stranger.post(link, {"step_": "change", "score": "1"}).status_code == 404
        look(link, 404)
    assert Answer.objects.get(id=invitation.id).score == 8


def test_another_number_clicked_in_the_mail_offers_to_change(stranger, look, link):
    stranger.post(link, {"score": "3"})
    text = look(f"{link}?a=7")
    assert chosen(text) == ["7"] and "You can change your answer" in text
    assert "has reached us" in look(f"{link}?a=3")


def test_what_is_refused_is_kept_and_explained(stranger, begun, lead):
    survey = running("support-effort")
    people(1, locale="en")
    page = f"/s/{tokens.make(invited(survey, by=lead)[0], now=NOW)}/"
    answer = stranger.post(page, {"waiting": "4"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was sent yet" in text and 'href="#q-score"' in text and "Please answer this one." in text
    assert chosen(" ".join(text.split())) == ["4"]
    assert not Answer.objects.exists()
    assert stranger.post(page, {"score": "99"}).status_code == 422


def test_the_page_speaks_the_contacts_language_unless_another_is_chosen(stranger, look, survey, lead):
    people(1, locale="fr-CH")
    page = f"/s/{tokens.make(invited(survey, by=lead)[0], now=NOW)}/"
    text = look(page, headers={"Accept-Language": "ru"})
    assert '<html lang="fr">' in text and 'href="?lang=ru"' in text
    assert '<html lang="ru">' in look(f"{page}?lang=ru")
    assert stranger.get(page, headers={"Accept-Language": "ru"})["Content-Language"] == "fr"
    assert '<html lang="fr">' in look(f"{page}?lang=xx")
    stranger.post(page, {"score": "9", "lang_": "ru"})
    assert '<html lang="ru">' in look(page)


def test_confidence_is_promised_before_anything_is_asked(look, lead, begun):
    people(1, locale="en")
    quiet, plain = running(is_confidential=True), running()
    pages = [look(f"/s/{tokens.make(invited(survey, by=lead)[0], now=NOW)}/") for survey in (quiet, plain)]
    assert pages[0].index("Confidential:") < pages[0].index("<form")
    assert "Confidential survey" not in pages[1]


def test_why_and_the_way_out_stand_below(look, link):
    text = look(link)
    assert "legitimate interest" in text and f'href="{link}unsubscribe/"' in text


@pytest.mark.parametrize("path", ["", "?a=9", "unsubscribe/", "started/"])
def test_every_answer_keeps_to_itself(stranger, link, path):
    for answer in (stranger.get(link + path), stranger.post(link + path), stranger.get(f"/s/nothing/{path}")):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy


def test_nothing_comes_from_anywhere_else(look, link):
    assert not re.findall(r"(?:src|href|action)=\"(?!/|\?|#|data:,)[^\"]*", look(link))
    assert "<style" not in look(link) and " style=" not in look(link)


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_nothing_but_a_post_writes(stranger, link, method, invitation):
    for path in ("", "?a=9", "started/", "unsubscribe/"):
        getattr(stranger, method)(link + path)
    row = Invitation.objects.get(id=invitation.id)
    assert (row.started_at, row.answered_at) == (None, None)
    row.contact.refresh_from_db()
    assert not row.contact.survey_opt_out and not Answer.objects.exists()


def test_it_started_when_a_hand_touched_the_form(stranger, link, invitation):
    assert stranger.post(f"{link}started/").status_code == 204
    assert Invitation.objects.get(id=invitation.id).started_at is None
    assert stranger.post(f"{link}started/", {"by_hand": "1"}).status_code == 204
    assert Invitation.objects.get(id=invitation.id).started_at == NOW


def test_a_slash_that_a_mail_program_dropped_is_put_back(stranger, link):
    answer = stranger.get(f"{link[:-1]}?a=9")
    assert (answer.status_code, answer["Location"]) == (302, f"{link}?a=9")


def test_a_page_asks_as_often_for_one_answer_as_for_many(django_assert_num_queries, stranger, survey, lead, link):
    page = link
    with django_assert_num_queries(4):
        stranger.get(page)
    others = people(30, start=100)
    for invitation in invited(survey, by=lead):
        if invitation.contact in others:
            answers.submit(invitation, {"score": ["7"]}, now=NOW, only=["score"])
    with django_assert_num_queries(4):
        stranger.get(page)
    with django_assert_num_queries(1):
        stranger.get("/s/nothing/")


def test_a_closed_survey_takes_nothing(stranger, look, link, survey):
    lifecycle.close(survey, now=NOW)
    look(link, 404)
    assert stranger.post(link, {"score": "9"}).status_code == 404
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"score": "9\0"}, 422),
        ({"score": ["9", "3"]}, 303),
        ({"score": "९"}, 422),
        ({"score": "9", "lang_": "x\0", "step_": "\0", "other": "x"}, 303),
        ({"step_": "more", "wrong": "x"}, 422),
        ({"step_": "change", "score": "5"}, 303),
    ],
)
def test_whatever_is_sent_is_taken_or_refused_in_words(stranger, link, sent, status):
    assert stranger.post(link, sent).status_code == status


@pytest.mark.parametrize(("text", "status"), [("x" * 5_000, 303), ("x" * 5_001, 422), ("a\0b", 422), ("\ud800", 303)])
def test_texts_have_an_end(stranger, link, text, status):
    stranger.post(link, {"score": "3"})
    body = f"step_=more&wrong={quote(text, errors='surrogatepass')}"
    answer = stranger.post(link, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert status == 303 or "Write at most 5000 characters." in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * 1_000_001, "application/x-www-form-urlencoded", 413),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"{}", "application/json", 422),
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded", 422),
    ],
)
def test_a_body_that_is_no_form_is_refused(stranger, link, body, kind, status):
    assert stranger.post(link, body, content_type=kind).status_code == status
    assert not Answer.objects.exists()
