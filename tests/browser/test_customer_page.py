"""Preparing a call, logging it, and snoozing a customer: by keyboard, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from customers.models import Snooze
from records.models import Note
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press_until(page, is_there, most=120):
    """Press Tab until the focus is where it is wanted."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(is_there):
            return
    raise AssertionError(f"The keyboard never came to: {is_there}")


def fading(page):
    page.locator("main").get_by_role("link", name="Fading", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fading")


def test_a_call_with_a_pulse_is_logged_by_keyboard_alone(portfolio, open_page):
    page = open_page()
    sign_in(page)
    press_until(page, "document.activeElement.textContent.trim() == 'Fading'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fading")
    press_until(page, "document.activeElement.name == 'text'")
    page.keyboard.type("They miss a report")
    press_until(page, "document.activeElement.name == 'pulse'")
    page.keyboard.type("Red")
    press_until(page, "document.activeElement.textContent.trim() == 'Log it'")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Logged.")
    expect(page.locator("#notes")).to_contain_text("They miss a report")
    expect(page.locator("#facts")).to_contain_text("Red")
    note = Note.objects.get()
    assert (note.kind, note.pulse, note.author.name) == ("call", "red", "Ada")


def test_a_customer_rests_and_is_brought_back(portfolio, open_page):
    page = open_page()
    sign_in(page)
    page.get_by_role("checkbox", name="Fading").check()
    page.get_by_role("group", name="Bulk actions for the selected customers").get_by_role(
        "button", name="Snooze"
    ).click()
    page.get_by_label("Reason").fill("Waiting for their budget")
    page.get_by_role("button", name="Snooze").click()
    expect(page.locator("main")).to_contain_text("Snoozed until")
    expect(page.locator("main").get_by_role("link", name="Fading", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Snoozed customers").click()
    expect(page.locator("main")).to_contain_text("Waiting for their budget")
    fading(page)
    expect(page.locator("main")).to_contain_text("Snoozed until")
    expect(page.locator("main")).to_contain_text("because: Waiting for their budget")
    page.get_by_role("button", name="End snooze").click()
    expect(page.locator("main")).to_contain_text("No longer snoozed: Fading.")
    page.get_by_role("link", name="At risk", exact=True).click()
    expect(page.locator("main").get_by_role("link", name="Fading", exact=True)).to_have_count(1)
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_screen(portfolio, open_page, width, scheme):
    page = open_page(width=width, color_scheme=scheme)
    sign_in(page)
    fading(page)
    profile = page.url
    for path in ("", "edit/", "notes/", "notes/new/", "contacts/new/", "contracts/new/"):
        page.goto(profile + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(re.sub("/customers/.*", "/at-risk/resting/", profile))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_moved_adds_up_on_the_page(portfolio, open_page):
    page = open_page()
    sign_in(page)
    fading(page)
    moved = page.locator("#moved")
    parts = moved.locator("tbody tr td:last-child").all_inner_texts()
    total = moved.locator("tfoot tr").first.locator("td").last.inner_text()
    assert sum(map(hundredths, parts)) == hundredths(total) < 0


def hundredths(text):
    sign = -1 if text.strip()[0] in "-−" else 1
    return sign * round(float(re.sub(r"[^\d.]", "", text)) * 100)


def test_on_paper_there_are_facts_and_no_buttons(portfolio, open_page):
    page = open_page()
    sign_in(page)
    fading(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("Before you call")).to_be_visible()
    for hidden in (
        page.get_by_role("link", name="Edit"),
        page.get_by_role("button", name="Log it"),
        page.locator(".top"),
    ):
        expect(hidden).to_be_hidden()
