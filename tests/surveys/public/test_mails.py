"""Invitations as mail: the first question can be clicked, in HTML and as text, in the contact's language."""

import re

import pytest

from surveys import lifecycle
from surveys.sending import mails
from tests.pictures import png
from tests.surveys.conftest import running

LINK = "http://localhost:8000/s/token/"


def written(survey, locale="en", template="invitation"):
    """Return the subject, the text and the HTML of a mail."""
    mail = mails.message(survey, "kim@acme.example", locale, "token", f"surveys/mail/{template}")
    return mail.subject, mail.body, mail.alternatives[0][0]


@pytest.mark.parametrize(("template", "values"), [("nps", range(11)), ("csat", range(1, 6)), ("effort", range(1, 8))])
def test_every_number_is_a_link_in_both_parts(begun, template, values):
    _subject, text, page = written(running(template))
    for value in values:
        assert re.search(rf"^{value}\b.*: {re.escape(LINK)}\?a={value}$", text, re.MULTILINE)
        assert f'href="{LINK}?a={value}"' in page


def test_the_ends_of_the_scale_are_said(begun):
    _subject, text, page = written(running())
    assert f"0 (Not at all likely): {LINK}?a=0" in text and f"10 (Extremely likely): {LINK}?a=10" in text
    assert "Not at all likely" in page and "Extremely likely" in page


def test_a_choice_is_clicked_by_its_words_and_a_text_by_a_button(begun):
    texts = {language: {"text": "Which?", "options": ["Red", "Blue"]} for language in ("en", "fr", "ru")}
    choice = {"key": "which", "type": "choice", "texts": texts}
    _subject, text, page = written(running("free", questions=[choice]))
    assert f"Blue: {LINK}?a=2" in text and f'href="{LINK}?a=2"' in page
    _subject, text, page = written(running("free"))
    assert f"Answer here: {LINK}" in text and "Answer now" in page


def test_why_they_are_asked_and_the_way_out_stand_below(begun):
    for part in written(running())[1:]:
        assert "legitimate interest" in part and f"{LINK}unsubscribe/" in part
        assert "Nothing is sent before you press the button there." in part


def test_confidence_is_promised_in_the_mail_too(begun):
    assert all("Confidential: " in part for part in written(running(is_confidential=True))[1:])
    assert not any("Confidential: " in part for part in written(running())[1:])


def test_a_reminder_says_that_it_is_the_only_one(begun):
    subject, text, page = written(running(), template="reminder")
    assert subject.startswith("Reminder: ")
    assert "will not ask again" in text and "will not ask again" in page


def test_it_is_in_the_contacts_language(begun):
    survey = running()
    for locale, bodies in (("fr-CH", "plus recevoir d’enquêtes"), ("ru_RU", "Отказаться от опросов")):
        _subject, text, page = written(survey, locale)
        assert bodies in text and bodies in page and f'<html lang="{locale[:2]}">' in page


def test_nothing_is_loaded_but_the_logo(begun):
    logo = lifecycle.keep_logo(png())
    page = written(running(logo_id=logo.pk))[2]
    assert re.findall(r'src="([^"]*)"', page) == [f"http://localhost:8000/s/logo/{logo.pk}/"]
    assert "<script" not in page and "@import" not in page and "url(" not in page


def test_words_of_the_survey_are_data(begun):
    texts = {language: {"title": "<b>&{{ x }}", "subject": "A & B", "intro": "<i>"} for language in ("en", "fr", "ru")}
    subject, text, page = written(running(texts=texts))
    assert subject == "A & B" and "<b>&{{ x }}" in text
    assert "&lt;b&gt;&amp;{{ x }}" in page and "<i>" not in page
