"""The CSM's morning on Today and the lead's week on the portfolio: by mouse, and by keyboard alone on a phone.

Clicks and keys are counted: typing in one field is one.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.days import business_day
from customers import lifecycle
from customers.models import Customer
from playbooks import lifecycle as tasks
from playbooks.models import Task
from records.models import Note
from staff.models import Role, User
from tests.browser.conftest import PASSWORD
from tests.browser.hands import Keyboard, Mouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_ACTS = 12
BOOK = 59
WAYS = [
    pytest.param(
        hand,
        width,
        language,
        marks=() if (hand, width, language) in {(Mouse, 1440, "en-GB"), (Keyboard, 390, "fr-FR")} else pytest.mark.long,
        id=f"{hand.__name__}-{width}-{language}",
    )
    for hand in (Mouse, Keyboard)
    for width in (1440, 390)
    for language in ("en-GB", "fr-FR", "ru-RU")
]


class Counted:
    """A page, and how many clicks and keys it took."""

    def __init__(self, page):
        self.page, self.acts = page, 0

    def row(self, name):
        return self.page.locator(".round-row[data-row]").filter(has_text=name)

    def type(self, text):
        """Type into the field that has the focus."""
        self.acts += 1
        self.page.keyboard.type(text)


class ByMouse(Counted):
    def click(self, selector, within=None):
        self.acts += 1
        (within or self.page).locator(selector).first.click()

    def open_first(self, name):
        self.click("[data-open]", self.row(name))

    def log(self, name):
        self.click("[data-log-link]", self.row(name))

    def go_to(self, field):
        self.page.locator(field).click()  # with the typing that follows, one

    def save(self):
        self.click("form[data-draft] button[type=submit]")

    def finish_task(self, name):
        self.click('[data-key="t"]', self.row(name))

    def snooze(self, name):
        self.click('[data-presets] [data-key="1"]', self.row(name))


class ByKeyboard(Counted):
    def key(self, name):
        self.acts += 1
        self.page.keyboard.press(name)

    def open_first(self, name):
        self.key("j")
        expect(self.row(name)).to_be_focused()
        self.key("Enter")

    def log(self, name):
        self.key("l")

    def go_to(self, field):
        wanted = self.page.locator(field).element_handle()
        while not wanted.evaluate("it => it === document.activeElement"):
            self.key("Tab")
            assert self.acts <= MOST_ACTS, f"No short way by Tab to {field}"

    def save(self):
        self.key("Control+Enter")

    def finish_task(self, name):
        self.key("t")

    def snooze(self, name):
        self.key("1")


@pytest.fixture
def morning(portfolio):
    """Fading, whose health fell, then two customers with a task for today, all of them Ada's."""
    now, ada = timezone.now(), User.objects.get()
    rows = [{"company_id": name.lower(), "name": name, "owner_id": ada.pk} for name in ("Fading", "Alder", "Birch")]
    ids = lifecycle.upsert(rows, now=now)
    for name in ("Alder", "Birch"):
        customer = Customer.objects.get(pk=ids[name.lower()])
        tasks.add(customer, title=f"Report for {name}", due_on=business_day(now), assignee=ada, by=ada, now=now)


@pytest.mark.parametrize(("hand", "width", "language"), WAYS)
def test_the_morning_of_a_csm(open_page, morning, hand, width, language):
    page = open_page("/today/", width=width, locale=language)
    sign_in(page, "ada@example.com")
    at = ByMouse(page) if hand is Mouse else ByKeyboard(page)
    expect(page.locator("#round-progress")).to_contain_text("3")
    expect(page.locator("[data-help]:not([hidden])")).to_have_count(1)  # the script is there
    first, second, third = page.locator(".round-row[data-row] [data-profile]").all_inner_texts()
    assert first == "Fading"  # before those who have but a task for today, in whichever order
    at.open_first("Fading")
    understood = at.row("Fading").locator(".round-place")
    expect(understood.locator(".reasons li").first).to_be_visible()
    at.log("Fading")
    expect(page.locator("textarea[name=text]")).to_be_focused()
    at.type("They lost their champion: new plan agreed")
    at.go_to("[name=next_step]")
    at.type("Send the new plan")
    at.save()
    expect(at.row("Fading")).to_have_count(0)
    expect(at.row(second).locator(".round-place")).to_be_visible()
    at.finish_task(second)
    expect(at.row(third).locator(".round-place")).to_be_visible()
    at.snooze(third)
    expect(page.locator(".round-row[data-row]")).to_have_count(0)
    assert at.acts <= MOST_ACTS
    assert Note.objects.get().kind == "call"
    assert set(Task.objects.open().values_list("title", flat=True)) == {"Send the new plan", f"Report for {third}"}
    assert Task.objects.done().get().title == f"Report for {second}"


@pytest.fixture
def book(portfolio):
    """Ada's book of 59 customers, Fading among them; Lee leads, Bo takes over."""
    now, ada = timezone.now(), User.objects.get()
    User.objects.create_user("lee@example.com", PASSWORD, name="Lee", role=Role.LEAD)
    User.objects.create_user("bo@example.com", PASSWORD, name="Bo", role=Role.CSM)
    rows = [{"company_id": f"c{n}", "name": f"Company {n}", "owner_id": ada.pk} for n in range(BOOK - 1)]
    lifecycle.upsert([{"company_id": "fading", "owner_id": ada.pk}, *rows], now=now)


@pytest.mark.parametrize(("hand", "width", "language"), WAYS)
def test_the_week_of_a_lead(open_page, book, hand, width, language):
    page = open_page("/today/", width=width, locale=language)
    sign_in(page, "lee@example.com")
    at, main = hand(page), page.locator("main")
    at.follow(page.locator('header a[href="/portfolio/"]:visible'))
    owner = main.locator("section[aria-labelledby=groups] tbody tr").filter(has_text="Ada")
    expect(owner).to_contain_text("500")
    at.follow(owner.locator('a[href*="at_risk=all"]'))
    expect(main.locator("tbody tr")).to_have_count(1)
    expect(main.locator("tbody tr")).to_contain_text("Fading")
    page.go_back()
    at.follow(owner.locator('a[href*="/portfolio/reassign/"]'))
    expect(main.get_by_role("heading", level=1)).to_contain_text(str(BOOK))
    at.choose(main.locator("select[name=owner]"), "Bo")
    at.follow(main.locator("form button[type=submit]"))
    expect(main.locator(".notice-success")).to_contain_text(str(BOOK))
    assert Customer.objects.filter(owner__name="Bo").count() == BOOK
    at.follow(main.locator('.notice-success button[name="sure"]'))
    expect(owner).to_contain_text(str(BOOK))
    assert Customer.objects.filter(owner__name="Ada").count() == BOOK


def sign_in(page, email):
    page.locator("[name=username]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/today/")
