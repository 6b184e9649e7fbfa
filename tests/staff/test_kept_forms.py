"""A session that ends while something is typed: the text is kept, and sent again by a button."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from records.models import Note
from staff.models import Role
from staff.signing_in import kept_forms
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import company

TEXT = "Called Ann.\nShe said “it is <slow>” & leaves."
NOTE = {"kind": "call", "text": TEXT, "at": "2026-06-15T09:00"}


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", last_login=NOW)


@pytest.fixture
def address(maya):
    return f"/customers/{company('Acme', owner_id=maya.pk).pk}/notes/new/"


def hidden(response):
    """Return the hidden fields of a page's form, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.content.decode())
    return {name: html.unescape(value) for name, value in found}


def sign_in(client, kept, password=cast.PASSWORD):
    return client.post("/sign-in/", {"username": "maya@example.com", "password": password, "kept": kept})


def test_a_note_typed_when_the_session_ended_is_sent_after_signing_in(client, address):
    page = client.post(address, NOTE)
    assert page.status_code == 401 and "What you typed is kept" in page.content.decode()
    asked = sign_in(client, hidden(page)["kept"])
    assert asked.status_code == 200 and f'action="{address}"' in asked.content.decode()
    assert not Note.objects.exists()
    sent = {name: value for name, value in hidden(asked).items() if name in NOTE}
    assert sent == NOTE
    assert client.post(address, sent).status_code == 302
    assert Note.objects.get().text.splitlines() == TEXT.splitlines()


def test_a_wrong_password_in_between_loses_nothing(client, address):
    kept = hidden(client.post(address, NOTE))["kept"]
    again = sign_in(client, kept, password="wrong")
    assert hidden(again)["kept"] == kept


def test_what_was_typed_is_shown_as_text_and_not_as_markup(client, address):
    page = sign_in(client, hidden(client.post(address, NOTE))["kept"]).content.decode()
    assert "it is &lt;slow&gt;” &amp; leaves." in page and "<slow>" not in page


def test_a_forged_or_old_one_is_none(client, address, time_machine):
    time_machine.move_to(NOW, tick=False)
    kept = hidden(client.post(address, NOTE))["kept"]
    assert sign_in(client, f"x{kept}")["Location"] == "/today/"
    client.post("/sign-out/")
    time_machine.shift(kept_forms.LASTS + 1)
    assert sign_in(client, kept)["Location"] == "/today/"


def test_passwords_and_files_are_not_kept(client, maya):
    file = SimpleUploadedFile("a.csv", b"secret")
    page = client.post("/imports/new/", {"kind": "customers", "new_Password": "hush", "file": file})
    asked = sign_in(client, hidden(page)["kept"])
    sent = hidden(asked)
    assert sent["kind"] == "customers" and "hush" not in sent.values() and "file" not in sent
    assert "A file is not kept." in asked.content.decode()


def test_nothing_typed_or_too_much_is_the_plain_way_to_sign_in(client, address):
    for form in ({}, {"text": "x" * (kept_forms.MOST + 1)}):
        assert client.post(address, form)["Location"] == f"/sign-in/?next={address}"
    assert client.post(address, '{"text": "x"}', content_type="application/json").status_code == 302


def test_several_values_of_a_name_are_all_kept(rf):
    request = rf.post("/at-risk/assign/?a=1", {"customers": ["1", "2"], "owner": "nobody", "csrfmiddlewaretoken": "x"})
    assert kept_forms.fields_of(request) == [("customers", "1"), ("customers", "2"), ("owner", "nobody")]


def test_a_form_of_another_site_is_never_kept(maya, address):
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(address, NOTE, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403 and b"kept" not in answer.content


@pytest.fixture
def tab(maya):
    """A page opened before signing in anew: the browser is signed in, the page's token is an old one."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(maya)
    return browser


def test_a_page_opened_before_signing_in_anew_is_asked_again(tab, address):
    asked = tab.post(address, {**NOTE, "csrfmiddlewaretoken": "old"}, headers={"Origin": "http://testserver"})
    assert asked.status_code == 200 and "Send what you typed?" in asked.content.decode()
    assert {name: value for name, value in hidden(asked).items() if name in NOTE} == NOTE
    assert not Note.objects.exists()


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://testserver.evil.example"])
def test_unless_the_browser_does_not_say_that_the_page_is_ours(tab, address, origin):
    headers = {} if origin is None else {"Origin": origin}
    refused = tab.post(address, {**NOTE, "csrfmiddlewaretoken": "old"}, headers=headers)
    assert refused.status_code == 403 and b"Called Ann" not in refused.content


def test_a_second_tab_that_waits_at_the_sign_in_page_keeps_its_text_too(tab, client, address):
    kept = hidden(client.post(address, NOTE))["kept"]
    sent = {"username": "x", "password": "y", "kept": kept, "csrfmiddlewaretoken": "old"}
    asked = tab.post("/sign-in/", sent, headers={"Origin": "http://testserver"})
    assert hidden(asked)["text"] == TEXT


def test_a_part_of_a_page_says_so_and_the_page_stays(client, address):
    assert client.get("/customers/", headers={"HX-Request": "true"}).status_code == 401
    boosted = client.get("/customers/?q=a", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert boosted["HX-Redirect"] == "/sign-in/?next=%2Fcustomers%2F%3Fq%3Da"


@pytest.mark.parametrize(
    "path", ["/customers/", "/today/", "/models/", "/surveys/", "/time-zone/", "/password/", "/x/"]
)
def test_private_pages_are_kept_by_no_cache(client, maya, path):
    client.force_login(maya)
    response = client.get(path)
    assert ("no-store" in response.headers.get("Cache-Control", "")) is (path != "/x/")


def test_pages_for_everybody_say_it_themselves(client, begun):
    assert "Cache-Control" not in client.get("/language/").headers
    assert client.get("/s/to/nobody/")["Cache-Control"] == "no-store"
    assert "no-store" in client.get("/sign-in/")["Cache-Control"]


def test_the_redirect_of_a_stranger_is_no_stores_either(client, db):
    assert "no-store" in client.get("/customers/")["Cache-Control"]


def test_a_colleague_who_may_no_longer_sign_in_is_out_at_once(client, maya):
    client.force_login(maya)
    assert client.get("/customers/").status_code == 200
    type(maya).objects.update(is_active=False)
    assert client.get("/customers/")["Location"].startswith("/sign-in/")
    assert client.get("/api/v1/me/").status_code == 401


def test_a_viewers_kept_form_does_no_more_than_they_may(client, address):
    cast.colleague("Vera", Role.VIEWER)
    kept = hidden(client.post(address, NOTE))["kept"]
    client.post("/sign-in/", {"username": "vera@example.com", "password": cast.PASSWORD, "kept": kept})
    assert client.post(address, NOTE).status_code == 403
