"""A back-test from the form to what was found, in a browser; each of its pages passes axe and fits a phone."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from scoring.backtest import work
from scoring.models import BackTest
from tests.browser.axe import violations
from tests.browser.test_first_pages import sign_in
from tests.scoring.backtest import story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def worker(portfolio):
    """A worker that goes on with back-tests, as Celery's would."""
    stop = threading.Event()

    def ring():
        while not stop.wait(0.5):
            work.go_on(clock=timezone.now)
        connection.close()

    thread = threading.Thread(target=ring)
    thread.start()
    yield
    stop.set()
    thread.join()


def asks(page, model):
    page.goto(f"{page.url.split('/at-risk/')[0]}/models/{model.pk}/back-test/")
    page.get_by_label("Within how many days").fill("30")
    page.get_by_label("Latest test date").fill("2026-05-01")
    page.get_by_label("Number of test dates", exact=True).fill("2")
    page.get_by_label("Days between test dates").fill("31")
    page.get_by_label("Score to evaluate").select_option("engagement")
    page.get_by_label("Customers the team can call on each test date").fill("120")
    page.get_by_role("button", name="Start").click()


def test_the_bar_gives_way_to_what_was_found_by_itself(open_page, worker):
    story.tell()
    page = open_page("/sign-in/")
    sign_in(page)
    asks(page, story.draft())
    expect(page.get_by_text("60 left within 30 days; by chance it would have been 35")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Lift by decile").click()
    assert download.value.suggested_filename.endswith("-lift.csv")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe_and_fit_a_phone(open_page, portfolio, scheme):
    story.tell()
    model = story.draft()
    page = open_page("/sign-in/", color_scheme=scheme)
    sign_in(page)
    asks(page, model)
    page.wait_for_url("**/back-tests/**")
    found = violations(page)
    work.go_on(clock=timezone.now)
    assert BackTest.objects.get().state == "done"
    for path in (page.url, page.url.split("/back-tests/")[0] + f"/models/{model.pk}/back-test/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        found += violations(page)
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page.set_viewport_size({"width": 1440, "height": 900})
    assert not found, "\n".join(found)
