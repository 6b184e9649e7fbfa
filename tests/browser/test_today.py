"""A round on Today by keyboard alone: one key decides, the next row is open, and what was done is undone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.days import business_day
from customers import lifecycle
from customers.models import Customer
from playbooks import lifecycle as tasks
from playbooks.models import Task
from records.models import Note
from staff.models import User
from tests.browser.hands import Keyboard

pytestmark = pytest.mark.browser
COMPANIES = ("Alder", "Birch", "Cedar", "Dogwood")


@pytest.fixture
def round_of_four(portfolio):
    """Four customers of Ada's, each with a task that is overdue, in the order of their names."""
    now, ada = timezone.now(), User.objects.get()
    rows = [{"company_id": name.lower(), "name": name, "owner_id": ada.pk} for name in COMPANIES]
    ids = lifecycle.upsert(rows, now=now)
    for ago, name in enumerate(reversed(COMPANIES), start=1):
        customer = Customer.objects.get(pk=ids[name.lower()])
        due = business_day(now) - timedelta(days=ago)
        tasks.add(customer, title=f"Report for {name}", due_on=due, assignee=ada, by=ada, now=now)


def opened(page, name):
    """Expect the row to be the one that is open, and to have the focus."""
    row = page.locator(".round-row[data-row]").filter(has=page.get_by_role("link", name=name, exact=True))
    expect(row).to_be_focused()
    expect(row.locator(".round-place")).to_be_visible()
    expect(page.locator(".round-place:visible")).to_have_count(1)


def progress(page, text):
    expect(page.locator("#round-progress")).to_contain_text(text)


def ready(page):
    """Wait for the script that hears the keys: it shows the button that lists them."""
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    progress(page, "0 of 4 done")


def test_a_round_by_keyboard(open_page, round_of_four):
    page = open_page("/today/")
    Keyboard(page).sign_in(to=None)
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened(page, "Alder")
    page.keyboard.press("t")
    opened(page, "Birch")
    progress(page, "1 of 4 done")
    assert Task.objects.done().get().title == "Report for Alder"
    page.keyboard.press("1")
    opened(page, "Cedar")
    progress(page, "2 of 4 done")
    page.keyboard.press("d")
    opened(page, "Dogwood")
    progress(page, "3 of 4 done")
    expect(page.locator("#undo")).to_contain_text("Marked as handled: Cedar.")
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    progress(page, "2 of 4 done")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()  # a new page knows no keys before its scripts
    page.keyboard.press("j")
    page.keyboard.press("l")
    expect(page.locator("textarea[name=text]")).to_be_focused()
    page.keyboard.type("All well: they go on")
    page.keyboard.press("Control+Enter")
    progress(page, "3 of 4 done")
    assert Note.objects.get().kind == "call"


def test_the_keys_are_listed_and_leave_fields_alone(open_page, round_of_four):
    page = open_page("/today/")
    Keyboard(page).sign_in(to=None)
    ready(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on Today")).to_be_visible()
    page.keyboard.press("d")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Tomorrow")).to_be_focused()
    page.keyboard.press("Enter")
    opened(page, "Birch")
    progress(page, "1 of 4 done")
