"""A correction from a customer's page to the undone result, in a browser; its pages pass axe and fit a phone."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from events.corrections import lifecycle, work
from events.models import Correction, EventType
from scoring.runs import run
from tests.browser.axe import violations
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def worker(portfolio):
    """A worker that goes on with corrections, as Celery's would."""
    stop = threading.Event()

    def ring():
        while not stop.wait(0.5):
            work.go_on(clock=timezone.now)
            run.score_changed(now=timezone.now())
        connection.close()

    thread = threading.Thread(target=ring)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_from_a_customer_to_the_undone_result_by_itself(open_page, worker):
    page = open_page("/sign-in/")
    sign_in(page)
    page.get_by_role("link", name="Customers").first.click()
    page.get_by_role("link", name="Busy").first.click()
    page.get_by_role("link", name="Correct events").click()
    page.locator("[name=event_type]").select_option(label="Meeting held")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("30 events of 1 customer, scores fall by")).to_be_visible()
    page.get_by_role("button", name="Carry out").click()
    expect(page.get_by_text("30 events were changed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("30 were changed back.")).to_be_visible()
    expect(page.get_by_role("heading", name="Withdraw events")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_pass_axe_and_fit(open_page, portfolio, width, scheme):
    page = open_page("/sign-in/", width=width, color_scheme=scheme)
    sign_in(page)
    start = page.url.split("/at-risk/")[0]
    customer = next(one for one in portfolio.values() if one.name == "Busy")
    meeting = EventType.objects.get(name="Meeting held")
    jobs = [
        lifecycle.withdraw(customer=customer, now=timezone.now(), by=None),
        lifecycle.merge(EventType.objects.get(name="Report created twice"), meeting, now=timezone.now(), by=None),
        lifecycle.retell(meeting, {"channel": "crm", "is_activity": False}, now=timezone.now(), by=None),
    ]
    looked_at(page, start, jobs[0])
    work.go_on(clock=timezone.now)
    looked_at(page, start, *jobs)
    lifecycle.carry_out(jobs[1], now=timezone.now(), by=None)
    looked_at(page, start, jobs[1])
    work.go_on(clock=timezone.now)
    looked_at(page, start, jobs[1])
    lifecycle.undo(jobs[1], now=timezone.now(), by=None)
    work.go_on(clock=timezone.now)
    looked_at(page, start, jobs[1])
    assert Correction.objects.count() == 3


def looked_at(page, start, *jobs):
    for address in (*(f"/corrections/{job.pk}/" for job in jobs), "/corrections/", "/corrections/new/"):
        page.goto(start + address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
