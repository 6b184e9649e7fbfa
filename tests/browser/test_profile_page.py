"""A customer's page in a real browser: short, by tabs and keyboard, and whole whatever is long in it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.days import business_day
from customers.models import Change, Contact, Customer
from playbooks import lifecycle
from records.models import Contract, Invoice, Note, Ticket
from scoring.models import ScoreHistory
from staff.models import User
from tests.browser.test_customer_page import press_until
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABS = ("", "timeline/", "notes/", "answers/", "score/", "tasks/")
MOST_PIXELS = 1_600
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG = (LONG * 3)[:165]
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
BOTTOM = "Math.round(document.querySelector('main').getBoundingClientRect().bottom + window.scrollY)"


@pytest.fixture
def full(portfolio):
    """The customer called Fading with more of everything than the page shows, all of it with long names."""
    now = timezone.now()
    today = business_day(now)
    ada = User.objects.get()
    fading = next(one for one in portfolio.values() if one.name == "Fading")
    Customer.objects.filter(pk=fading.pk).update(
        name=LONG, plan=LONG[:100], industry=LONG[:100], domain=f"{LONG}.example", tags=[LONG[:50]] * 3,
        attributes={LONG[:60]: LONG}, owner=ada, second_owner=ada,
    )  # fmt: skip
    User.objects.filter(pk=ada.pk).update(name=LONG[:150])
    for i in range(12):
        who = {
            "customer": fading,
            "name": f"{LONG}{i}",
            "email": f"{LONG[:60]}{i}@{LONG[:60]}.example",
            "role": LONG[:100],
        }
        contact = Contact.objects.create(**who, created_at=now)
        money = {"customer": fading, "currency": "EUR"}
        Contract.objects.create(
            **money, name=LONG, starts_on=today, renews_on=today + timedelta(days=i), monthly_value=10
        )
        due = today - timedelta(days=9)
        Invoice.objects.create(**money, number=f"{LONG[:90]}{i}", amount=10, issued_on=due, due_on=due)
        ago = now - timedelta(days=i + 1)
        urgent = {"priority": "urgent", "escalated_at": ago, "contact": contact}
        Ticket.objects.create(customer=fading, subject=LONG, opened_at=now - timedelta(days=i + 9), **urgent)
        Note.objects.create(customer=fading, text=f"{LONG} " * 40, at=ago, author=ada, contact=contact, pulse="red")
        Change.objects.create(customer=fading, at=ago, by=ada, fields={"plan": [LONG, LONG]})
        lifecycle.add(fading, title=LONG, due_on=today, assignee=ada, by=ada, now=now)
        Customer.objects.create(name=f"{LONG}{i}", parent=fading, created_at=now)
    return fading


def test_the_overview_of_a_customer_with_much_of_everything_is_short(full, open_page):
    page = open_page()
    sign_in(page)
    Customer.objects.filter(pk=full.pk).update(
        name="Fading", plan="Team", industry="", domain="", tags=[], attributes={}
    )
    Note.objects.update(text="They miss a report, and want to know when it comes back. " * 5)
    for model, field in ((Contact, "name"), (Contract, "name"), (Ticket, "subject"), (Invoice, "number")):
        for i, row in enumerate(model.objects.filter(customer=full)):
            model.objects.filter(pk=row.pk).update(**{field: f"Something {i}"})
    Contact.objects.filter(customer=full).update(email="", role="Buyer")
    User.objects.update(name="Ada")
    page.goto(f"{page.url.split('/at-risk')[0].split('/today')[0]}/customers/{full.pk}/")
    tabs = page.get_by_role("navigation", name="About this customer")
    assert tabs.bounding_box()["y"] < MOST_PIXELS / 4
    expect(page.locator("#course")).to_contain_text("Ticket escalated")
    assert page.evaluate(BOTTOM) <= MOST_PIXELS


@pytest.mark.parametrize("width", [1440, 390])
def test_names_of_165_letters_break_no_tab(full, open_page, width):
    page = open_page(width=width)
    sign_in(page)
    start = page.url.split("/today")[0].split("/at-risk")[0]
    for tab in (*TABS, "log/", "timeline/?q=nobody"):
        page.goto(f"{start}/customers/{full.pk}/{tab}")
        assert not page.evaluate(SIDEWAYS), tab
    page.goto(f"{start}/customers/{full.pk}/")
    for summary in page.locator("main details > summary").all():
        summary.click()
    assert not page.evaluate(SIDEWAYS)


def test_tabs_are_reached_by_keyboard_and_without_javascript(portfolio, open_page):
    page = open_page(java_script_enabled=False)
    sign_in(page)
    fading = next(one for one in portfolio.values() if one.name == "Fading")
    page.goto(f"{page.url.split('/today')[0].split('/at-risk')[0]}/customers/{fading.pk}/")
    tabs = page.get_by_role("navigation", name="About this customer")
    for name in ("Timeline", "Notes", "Answers", "Score", "Tasks", "Overview"):
        tabs.get_by_role("link", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        expect(tabs.locator("[aria-current=page]")).to_have_text(name)
    tabs.get_by_role("link", name="Timeline").click()
    page.get_by_label("Words").fill("MEETING")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("Meeting held")
    expect(page.locator("#timeline .event").first).to_be_visible()
    expect(page.locator("#timeline .event", has_text="Report created")).to_have_count(0)


def test_what_happened_is_read_by_keyboard_and_leads_to_its_day(portfolio, open_page):
    page = open_page()
    fading = next(one for one in portfolio.values() if one.name == "Fading")
    assert ScoreHistory.objects.filter(customer=fading).exists()
    sign_in(page)
    page.goto(f"{page.url.split('/today')[0].split('/at-risk')[0]}/customers/{fading.pk}/")
    expect(page.locator("#course")).to_contain_text("Health fell")
    press_until(page, "document.activeElement.closest('#course') && document.activeElement.href")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline .event").first).to_contain_text("Meeting held")
