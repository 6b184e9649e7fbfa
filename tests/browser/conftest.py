"""A real Chromium against a real server, with a few customers in it. The clock is the real one."""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from playwright.sync_api import sync_playwright

from core import days
from core.web.static_files import SHEETS, put_together
from customers import lifecycle
from customers.models import Customer
from events import ingest
from events.models import Source
from scoring.model_versions import default_model
from scoring.runs import history, run
from staff.models import Role, User

PASSWORD = "correct horse battery"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What htmx writes about a request that the page gave up because it was left; a failure is said by Chromium besides
GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")


# Our sheets, which collecting the static files puts together (core/web/static_files.py)
BUILT = re.compile("|".join(f"/static/{name}$" for name in SHEETS))


def as_built(route):
    """Answer with the sheet that a server has: axe would parse the imports of an unbuilt one against the CSP."""
    name = urlsplit(route.request.url).path.removeprefix("/static/")
    sheet = put_together(name, lambda part: Path(finders.find(part)).read_text())
    route.fulfill(body=sheet, content_type="text/css")


@pytest.fixture(scope="session", autouse=True)
def unafraid_of_the_loop():
    """Playwright's loop runs in this thread; Django would take the tests' own queries for async ones."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "The browser tests need a Chromium: install one, or name its file in CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """What the browser complained about; a test that ends with any has failed."""
    found = []
    yield found
    assert found == []


@pytest.fixture
def open_page(chromium, live_server, complaints):
    contexts = []

    def note(message):
        if message.type == "error" and not message.text.startswith(GIVEN_UP):
            complaints.append(message.text)

    def open_one(path="/", width=1440, **options):
        plain = {"viewport": {"width": width, "height": 900}, "locale": "en-GB"}
        context = chromium.new_context(**{**plain, **options})
        contexts.append(context)
        context.route(BUILT, as_built)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(urljoin(live_server.url, path))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def portfolio(transactional_db):
    """Two customers: Busy, whom nobody needs to call, and Fading, who was busy a month ago. And an admin."""
    now = timezone.now()
    days.begin(now - timedelta(days=41))
    default_model.ensure(now)
    User.objects.create_user("ada@example.com", PASSWORD, name="Ada", role=Role.ADMIN)
    customers = lifecycle.upsert(
        [{"company_id": "busy", "name": "Busy", "mrr": 100}, {"company_id": "fading", "name": "Fading", "mrr": 500}],
        now=now,
        known_on=(now - timedelta(days=40)).date(),
    )
    source = Source.objects.create(name="Product", kind=Source.Kind.WRITE_KEY, created_at=now)
    messages = [*activity("busy", now, range(30)), *activity("fading", now, range(16, 40))]
    ingest.record(messages, source=source, now=now, history=True)
    history.close_days(now=now)
    first = (now - timedelta(days=40)).date()
    history.backfill(customers.values(), first, now.date(), now=now)
    while run.score_changed(now=now):
        pass
    return Customer.objects.in_bulk(customers.values())


def activity(company, now, ages):
    return [
        {
            "type": "track",
            "event": event,
            "userId": f"{company}-user",
            "messageId": f"{company}-{event}-{age}",
            "timestamp": (now - timedelta(days=age, hours=1)).isoformat(),
            "context": {"groupId": company},
        }
        for age in ages
        for event in ("Report created", "Report created twice", "Meeting held")
    ]
