"""Signing in, guessing, a forgotten password, an invitation, one's own password, a session that ends: in a browser."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from core.outbox import queue
from records.models import Note
from staff.models import FailedAttempts, Role, User
from staff.signing_in import invitations, links
from tests.browser.axe import violations
from tests.browser.conftest import PASSWORD
from tests.browser.hands import Keyboard, Mouse
from tests.browser.test_axe import SIDEWAYS, in_the_dark
from tests.browser.test_axe_admin import BUT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "a long walk home"


@pytest.fixture
def letters(settings, tmp_path, live_server):
    """Mail is written to a folder. Return a reader: it sends what waits and returns the newest mail's text."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.PUBLIC_ADDRESS = live_server.url

    def newest():
        queue.send(clock=timezone.now)
        files = sorted((tmp_path / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return files[-1].read_text().replace("=\n", "").replace("=3D", "=")

    return newest


@pytest.fixture
def refusals(complaints):
    """Take what the browser says of a refused page (429, 401 …) out of its complaints at the end."""
    yield
    complaints[:] = [text for text in complaints if not re.search(r"\b(400|401|404|429)\b", text)]


def link_in(text):
    return re.search(r"http://\S+/password/choose/[\w-]+/", text).group()


def sign_in(page, password=PASSWORD):
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def choose(page, password=NEW):
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_label("New password, again").fill(password)
    page.get_by_role("button", name="Save and go on").click()


def is_fit_to_read(page):
    """Look at a page with axe, light and dark, and at its width on a phone."""
    assert violations(page) + in_the_dark(page) == []
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 900})
    assert not page.evaluate(SIDEWAYS)
    page.set_viewport_size(size)


@pytest.mark.parametrize("script", [True, False])
def test_who_guesses_is_told_to_wait_and_the_right_person_gets_in(portfolio, open_page, refusals, script):
    page = open_page("/sign-in/", java_script_enabled=script)
    for _ in range(5):
        sign_in(page, "wrong")
        expect(page.get_by_role("alert")).to_contain_text("do not go together")
    # Whatever time the guesses took: the pause begins now, and is long.
    FailedAttempts.objects.update(failures=12, last_at=timezone.now())
    sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Too many attempts. Wait \d+ seconds"))
    if script:
        is_fit_to_read(page)
    FailedAttempts.objects.update(last_at=timezone.now() - timedelta(minutes=5))
    sign_in(page)
    expect(page).to_have_url(re.compile("/today/$"))


def test_a_forgotten_password_comes_back_by_mail(portfolio, open_page, letters, refusals):
    page = open_page("/sign-in/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    link = link_in(letters())
    page.goto(link)
    is_fit_to_read(page)
    choose(page, "short")
    expect(page.locator("main")).to_contain_text("too short")
    is_fit_to_read(page)
    choose(page)
    expect(page).to_have_url(re.compile("/today/$"))
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")


def test_a_colleague_is_invited_and_chooses_their_own_password(portfolio, open_page, letters):
    admin = open_page("/sign-in/")
    sign_in(admin)
    expect(admin).to_have_url(re.compile("/today/$"))
    admin.goto(admin.url.replace("/today/", "/admin/staff/user/add/"))
    admin.get_by_label("Name").fill("Zoe")
    admin.get_by_label("E-mail").fill("zoe@example.com")
    admin.get_by_label("Role").select_option("csm")
    assert violations(admin, BUT, preload=False) == []
    admin.get_by_role("button", name="Save", exact=True).click()
    shown = link_in(admin.locator("main").inner_text())
    assert violations(admin, BUT, preload=False) == []
    assert link_in(letters()).partition("/password/")[0] == shown.partition("/password/")[0]
    admin.get_by_role("link", name="I have copied it").click()
    expect(admin.locator("#result_list")).to_contain_text("invited, not yet signed in")
    zoe = open_page(shown)
    expect(zoe.locator("main")).to_contain_text("Welcome, Zoe.")
    is_fit_to_read(zoe)
    choose(zoe)
    expect(zoe).to_have_url(re.compile("/today/$"))
    admin.reload()
    expect(admin.locator("#result_list")).not_to_contain_text("invited, not yet signed in")


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_somebody_changes_their_own_password(portfolio, open_page, hands):
    page = open_page("/sign-in/")
    hand = hands(page)
    hand.sign_in()
    hand.press("button", re.compile("Menu"))
    hand.press("link", "Password")
    hand.write(page.get_by_label("Present password"), PASSWORD)
    hand.write(page.get_by_label("New password", exact=True), NEW)
    hand.write(page.get_by_label("New password, again"), NEW)
    hand.press("button", "Change the password")
    expect(page.get_by_role("status").first).to_contain_text("Your password is changed.")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Password")
    again = open_page("/sign-in/")
    sign_in(again, NEW)
    expect(again).to_have_url(re.compile("/today/$"))


@pytest.mark.parametrize("script", [True, False])
def test_a_note_survives_the_end_of_the_session(portfolio, open_page, refusals, script):
    page = open_page("/sign-in/", java_script_enabled=script)
    sign_in(page)
    expect(page).to_have_url(re.compile("/today/$"))
    page.goto(page.url.replace("/today/", f"/customers/{next(iter(portfolio))}/notes/new/"))
    text = "Called Ann.\nShe is <not> happy & leaves."
    page.locator("textarea").fill(text)
    Session.objects.all().delete()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status")).to_contain_text("What you typed is kept")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Send what you typed?")
    expect(page.locator("blockquote")).to_have_text(text)
    if script:
        is_fit_to_read(page)
    assert not Note.objects.exists()
    page.get_by_role("button", name="Send it now").click()
    expect(page).to_have_url(re.compile(r"/customers/\d+/"))
    assert Note.objects.get().text.splitlines() == text.splitlines()


def test_a_part_of_a_page_says_that_the_session_ended_and_leaves_the_rest(portfolio, open_page, refusals):
    page = open_page("/sign-in/")
    sign_in(page)
    expect(page).to_have_url(re.compile("/today/$"))
    page.goto(page.url.replace("/today/", f"/customers/{next(iter(portfolio))}/notes/new/"))
    page.locator("textarea").fill("Half a thought")
    Session.objects.all().delete()
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("fading")
    notice = page.locator("#signed-out")
    expect(notice).to_be_attached()
    page.keyboard.press("Escape")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("What you typed is still here")
    assert page.locator("textarea").input_value() == "Half a thought"


def test_a_new_colleagues_page_fits_a_phone_in_each_language(portfolio, open_page, letters):
    zoe = User(email="zoe@example.com", name="Zoe", role=Role.CSM)
    invitations.invite(zoe, now=timezone.now())
    for language in ("fr-FR", "ru-RU"):
        page = open_page(links.link(zoe), width=390, locale=language)
        assert not page.evaluate(SIDEWAYS)
