"""A survey is written in a real browser: with the keyboard, with and without JavaScript."""

import pytest
from django.utils import timezone

from staff.models import User
from surveys import lifecycle
from surveys.models import Survey
from tests.browser.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(portfolio, open_page):
    """Open the form of a draft, which has four questions."""
    draft = lifecycle.create("nps", now=timezone.now(), by=User.objects.get(email="ada@example.com"))

    def open_one(**options):
        page = open_page("/sign-in/", **options)
        page.get_by_label("E-mail").fill("ada@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/today/")
        page.goto(page.url.replace("/today/", f"/surveys/{draft.pk}/edit/"))
        return page

    return open_one


@pytest.mark.parametrize("runs_scripts", [True, False])
def test_a_question_is_added_filled_in_moved_and_saved(editor, runs_scripts):
    page = editor(java_script_enabled=runs_scripts)
    page.get_by_role("button", name="Single choice").click()
    fresh = page.get_by_role("group", name="Question 5", exact=True)
    for language in ("English", "French", "Russian"):
        fresh.get_by_role("textbox", name=f"Question, {language}").fill(f"Which? {language}")
        fresh.get_by_role("textbox", name=f"Answers to choose from, one on each line, {language}").fill("One\nTwo")
    assert fresh.get_by_label("Scale from").is_hidden()
    fresh.get_by_role("button", name="Move question 5 up").click()
    moved = page.get_by_role("group", name="Question 4", exact=True)
    assert moved.get_by_role("textbox", name="Question, French").input_value() == "Which? French"
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url("**/surveys/*/")
    assert [one["type"] for one in Survey.objects.get().questions] == ["rating", "text", "text", "choice", "text"]


def test_enter_in_a_field_saves_and_takes_nothing_out(editor):
    page = editor()
    page.get_by_label("Name", exact=True).fill("Autumn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/surveys/*/")
    survey = Survey.objects.get()
    assert survey.name == "Autumn" and len(survey.questions) == 4


def test_a_language_left_out_takes_its_fields_along(editor):
    page = editor()
    russian = page.get_by_role("textbox", name="Page title, Russian")
    assert russian.is_visible()
    page.get_by_label("Russian", exact=True).first.uncheck()
    assert russian.is_hidden()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url("**/surveys/*/")
    assert Survey.objects.get().languages == ["en", "fr"]
