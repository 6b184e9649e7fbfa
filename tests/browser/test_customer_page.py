"""Preparing a call, logging it, and snoozing a customer: by keyboard, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.days import business_day
from customers.models import Snooze
from playbooks import lifecycle
from playbooks.models import Task
from records.models import Note
from staff.models import User
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
    press_until(page, "document.activeElement.textContent.trim() == 'Log a call'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("They miss a report")
    press_until(page, "document.activeElement.name == 'pulse'")
    page.keyboard.type("Red")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Logged.")
    expect(page.locator("#notes")).to_contain_text("They miss a report")
    expect(page.locator("#facts")).to_contain_text("Red")
    note = Note.objects.get()
    assert (note.kind, note.pulse, note.author.name) == ("call", "red", "Ada")


def test_a_draft_outlives_its_tab_until_it_is_saved(portfolio, open_page):
    page = open_page()
    sign_in(page)
    fading(page)
    address = f"{page.url}log/"
    page.goto(address)
    page.keyboard.type("They want to leave")
    page.get_by_label("Next step").fill("Call again")
    page.get_by_role("button", name="In a week").click()
    other = page.context.new_page()
    page.close()
    other.goto(address)
    expect(other.get_by_text("Your draft is back.")).to_be_visible()
    expect(other.get_by_role("textbox", name="Note")).to_have_value("They want to leave")
    other.get_by_role("button", name="Log it").click()
    expect(other.locator("main")).to_contain_text("Logged, and on your list: Call again")
    expect(other.locator("main")).to_contain_text("Next: Call again")
    other.goto(address)
    expect(other.get_by_role("textbox", name="Note")).to_have_value("")
    assert Task.objects.get().due_on == business_day(timezone.now()) + timedelta(days=7)


def test_a_task_is_finished_in_its_row_and_opened_again(portfolio, open_page):
    page = open_page()
    sign_in(page)
    customer = next(iter(portfolio.values()))
    lifecycle.add(customer, title="Send the report", assignee=User.objects.get(), by=None, now=timezone.now())
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/playbooks/", page.url))
    page.get_by_role("link", name="Done : Send the report").click()
    expect(page.get_by_label("Outcome")).to_be_focused()
    page.keyboard.type("They liked it")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Done: Send the report")).to_be_visible()
    assert Task.objects.get().outcome == "They liked it"
    page.get_by_role("button", name="Open again : Send the report").click()
    expect(page.get_by_role("link", name="Done : Send the report")).to_be_visible()
    assert Task.objects.get().is_open


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
    page.goto(re.sub("/customers/.*", "/at-risk/", page.url))
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
    assert page.locator("#moved table").count() == 2  # engagement and health
    for table in page.locator("#moved table").all():
        parts = table.locator("tbody tr td:last-child").all_inner_texts()
        total = table.locator("tfoot tr td").last.inner_text()
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
        page.get_by_role("link", name="Log a call"),
        page.locator(".top"),
    ):
        expect(hidden).to_be_hidden()
