"""The pages at which people answer, in a real browser: as scanners, by hand, by keyboard, without scripts, framed."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core import days
from customers.models import Contact
from scoring.model_versions import default_model
from staff.models import Role, User
from surveys.models import Answer, Invitation, Survey
from surveys.sending import tokens
from tests.browser.axe import violations
from tests.surveys.conftest import invited, people, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABS, SECONDS = 20, 30
THEIRS = """<!DOCTYPE html><html lang="en"><head><title>Shop</title></head><body><main><h1>Shop</h1>
<button>Buy</button></main><script src="{home}/static/survey-widget.js" data-survey="{link}" defer></script>
</body></html>"""


@pytest.fixture
def lead(transactional_db):
    days.begin(timezone.now())
    default_model.ensure(timezone.now())
    return User.objects.create_user("lead@example.com", "correct horse", name="Lead", role=Role.LEAD)


@pytest.fixture
def ask(lead):
    """Ask somebody new; return the address of their personal link."""

    def asked(template="nps", locale="en", **said):
        survey, now = running(template, now=timezone.now(), **said), timezone.now()
        contact = people(1, start=Contact.objects.count(), locale=locale)[0]
        invitation = next(one for one in invited(survey, by=lead, now=now) if one.contact == contact)
        return f"/s/{tokens.make(invitation, now=now)}/"

    return asked


def send(page):
    page.get_by_role("main").get_by_role("button").click()


def test_a_browser_that_runs_all_scripts_answers_nothing(lead, open_page, live_server, complaints):
    """Some scanners open a mail's links in a real browser and wait for what the page does."""
    people(TABS, locale="en")
    now = timezone.now()
    links = [f"/s/{tokens.make(one, now=now)}/" for one in invited(running(now=now), by=lead, now=now)]
    first = open_page("/s/look/1257b0.css")
    tabs = [first.context.new_page() for _link in links]
    for number, (tab, link) in enumerate(zip(tabs, links, strict=True)):
        tab.goto(f"{live_server.url}{link}?a={number % 11}", wait_until="commit")
    first.wait_for_timeout(SECONDS * 1_000)
    assert [tab.locator("input:checked").count() for tab in tabs] == [1] * TABS
    assert not Answer.objects.exists()
    assert not Invitation.objects.exclude(started_at=None).exists()
    assert not Contact.objects.filter(survey_opt_out=True).exists()
    complaints[:] = [text for text in complaints if "404" not in text]  # the style sheet's own icon


def test_a_hand_that_touches_the_form_starts_it_once(ask, open_page):
    page = open_page(ask())
    page.evaluate("document.querySelector('[value=\"3\"]').click()")  # a script's click is nobody's
    page.wait_for_timeout(300)
    assert Invitation.objects.get().started_at is None
    with page.expect_response("**/started/") as told:
        page.get_by_role("radio", name="9", exact=True).check()
    assert told.value.status == 204
    assert Invitation.objects.get().started_at and not Answer.objects.exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_by_keyboard_alone_with_and_without_scripts(ask, open_page, scripts):
    page = open_page(f"{ask()}?a=9", java_script_enabled=scripts)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="7", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answer has reached us")
    page.keyboard.press("Tab")
    page.keyboard.type("More of it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("More of it")
    assert Answer.objects.get().marks == {"score": 7, "lift": "More of it"}


def test_a_screen_reader_hears_the_question_the_ends_and_what_is_wrong(ask, open_page, complaints):
    page = open_page(ask("cxi"))
    groups = page.get_by_role("group")
    expect(groups).to_have_count(4)
    expect(groups.first.get_by_role("radio").first).to_have_accessible_name("1, Strongly disagree")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("They understood what I needed.")
    expect(groups.first).to_have_accessible_description("Please answer this one.")
    complaints[:] = [text for text in complaints if "422" not in text]


@pytest.fixture
def states(ask):
    """Return a walk through every state of the public pages; each yields what it is called."""

    def walk(open_one):
        page = open_one(f"{ask(is_confidential=True)}?a=9")
        yield "asked, one chosen", page
        send(page)
        yield "answered, asked on", page
        page.get_by_role("textbox").fill("The people")
        send(page)
        yield "all said", page
        page.get_by_role("link", name="Change my answer").click()
        yield "changing", page
        page.get_by_role("link", name="No more surveys").click()
        yield "no more?", page
        send(page)
        yield "no more", page
        send(page)
        yield "again", page
        page = open_one(ask("onboarding", colour="#ffe600"))
        send(page)
        yield "refused, in yellow", page
        yield "every type of question", open_one(ask("free", locale="ru", questions=EVERY_TYPE))
        yield "in French", open_one(ask("support-effort", locale="fr", colour="#111111"))
        yield "nowhere", open_one("/s/nothing/at/all/")

    return walk


def _asked(key, type_, **more):
    texts = {"text": f"Question {key}", "options": ["One", "Two"] if type_.startswith("choice") else []}
    said = {language: {name: words for name, words in texts.items() if words} for language in ("en", "fr", "ru")}
    return {"key": key, "type": type_, "low": 0, "high": 0, "is_required": False, "shown_to": [], "texts": said, **more}


EVERY_TYPE = [
    _asked("one", "choice"),
    _asked("many", "choices"),
    _asked("words", "text"),
    _asked("mark", "rating", low=1, high=10),
]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_passes_axe_and_fits(states, open_page, complaints, scheme, width):
    found = []
    for state, page in states(lambda path: open_page(path, width=width, color_scheme=scheme)):
        page.wait_for_load_state("networkidle")
        found += [f"{state}: {violation}" for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{state}: it scrolls sideways")
    complaints[:] = [text for text in complaints if "404" not in text and "422" not in text]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("template", ["nps", "csat", "effort"])
def test_fingers_hit_every_number_on_a_phone(ask, open_page, template):
    page = open_page(ask(template), width=390)
    boxes = page.locator(".step").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => [box.width, box.height])"
    )
    assert boxes and all(width >= 44 and height >= 44 for width, height in boxes), boxes


@pytest.fixture
def site():
    """Return another site's origin, and what its one page says; a server of its own, because a browser asks which."""
    said = {}

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/"
            self.send_response(200 if found else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", said["policy"])
            self.end_headers()
            self.wfile.write(said["body"].encode() if found else b"")

        def log_message(self, *_said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", said
        server.shutdown()


@pytest.fixture
def shop(lead, open_page, live_server, site):
    """Open a page of the company's own, under a strict policy, with the widget on it."""
    origin, said = site
    survey = running(now=timezone.now(), widget_origins=[origin])
    home = live_server.url
    said["policy"] = f"default-src 'none'; script-src {home}; frame-src {home}"
    said["body"] = THEIRS.format(home=home, link=survey.link)
    return open_page(f"{origin}/")


def test_the_widget_asks_on_another_site_and_goes_when_it_is_closed(shop, complaints):
    panel = shop.get_by_role("region", name="Survey")
    frame = shop.frame_locator("iframe")
    frame.get_by_role("radio", name="10, Extremely likely").check()
    frame.get_by_role("button").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Your answer has reached us")
    assert Answer.objects.get().via == "widget"
    inside = shop.frames[-1].evaluate("document.body.scrollHeight")
    expect(shop.locator("iframe")).to_have_css("height", re.compile(rf"{inside}|{inside + 1}px"))
    assert not shop.context.cookies()
    assert shop.evaluate("localStorage.length + sessionStorage.length") == 0
    frame.get_by_role("textbox").focus()
    # Pressed and let go apart: the frame is gone by then, and Chromium would wait for it to take the second event.
    shop.keyboard.down("Escape")
    expect(panel).to_have_count(0)
    shop.keyboard.up("Escape")


def test_a_site_the_survey_does_not_name_shows_nothing(shop, complaints):
    Survey.objects.update(widget_origins=[])
    shop.reload()
    shop.wait_for_timeout(500)
    assert shop.frame_locator("iframe").get_by_role("radio").count() == 0
    assert any("frame-ancestors" in text for text in complaints)
    complaints.clear()


def test_the_close_button_is_there_for_mouse_and_keyboard(shop, complaints):
    shop.get_by_role("button", name="Buy").focus()
    shop.keyboard.press("Tab")
    expect(shop.get_by_role("button", name="Close")).to_be_focused()
    shop.keyboard.press("Enter")
    expect(shop.locator("iframe")).to_have_count(0)
