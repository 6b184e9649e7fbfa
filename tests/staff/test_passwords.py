"""One's own password, a forgotten one, and the links by which one is chosen."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from core.models import Outgoing
from core.outbox import queue
from staff.models import Role, User
from staff.signing_in import invitations, links
from tests.conftest import NOW
from tests.pages import cast

NEW = "a long walk home"
TWICE = {"password1": NEW, "password2": NEW}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def maya(db):
    return cast.colleague("Maya", last_login=NOW - timedelta(days=1))


@pytest.fixture
def zoe(db):
    """Invited, not yet signed in."""
    colleague = User(email="zoe@example.com", name="Zoe", role=Role.CSM)
    invitations.invite(colleague, now=NOW)
    return colleague


def sent():
    """Send what waits; return the newest mail."""
    queue.send(clock=lambda: NOW)
    return mail.outbox[-1] if mail.outbox else None


def path(link):
    return link.removeprefix("http://localhost:8000")


def ask_for_link(email, client=None):
    return (client or Client()).post("/password/forgotten/", {"email": email})


def signs_in(email, password):
    return Client().post("/sign-in/", {"username": email, "password": password}).status_code == 302


def test_somebody_changes_their_own_password_stays_and_is_out_elsewhere(client, maya, begun):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(maya)
        assert browser.get("/customers/").status_code == 200
    answer = client.post("/password/", {"current": cast.PASSWORD, **TWICE}, follow=True)
    assert "Your password is changed." in answer.content.decode()
    assert client.get("/customers/").status_code == 200
    assert elsewhere.get("/customers/")["Location"].startswith("/sign-in/")
    assert signs_in(maya.email, NEW) and not signs_in(maya.email, cast.PASSWORD)


@pytest.mark.parametrize(
    ("sent_along", "said"),
    [
        ({"current": "wrong", **TWICE}, "This is not your present password."),
        ({"current": cast.PASSWORD, "password1": NEW, "password2": "another"}, "The two are not the same."),
        ({"current": cast.PASSWORD, "password1": "short", "password2": "short"}, "This password is too short."),
        ({"current": cast.PASSWORD, "password1": "maya@example.com", "password2": "maya@example.com"}, "too similar"),
        (TWICE, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(client, maya, sent_along, said):
    client.force_login(maya)
    answer = client.post("/password/", sent_along)
    assert answer.status_code == 400 and said in answer.content.decode()
    maya.refresh_from_db()
    assert maya.check_password(cast.PASSWORD)


def test_a_session_left_open_lets_nobody_guess_on(client, maya):
    client.force_login(maya)
    statuses = [client.post("/password/", {"current": f"wrong {i}", **TWICE}).status_code for i in range(6)]
    assert statuses == [400] * 5 + [429]


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(maya, begun):
    assert ask_for_link("MAYA@example.com")["Location"] == "/password/forgotten/sent/"
    message = sent()
    assert (message.to, message.subject) == (["maya@example.com"], "Rapport: a new password")
    link = path(links.link(maya))
    assert link in message.body and link in message.alternatives[0][0]
    page = Client().get(link)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    browser = Client()
    assert browser.post(link, TWICE)["Location"] == "/today/"
    assert browser.get("/customers/").status_code == 200
    assert signs_in(maya.email, NEW)
    assert Client().get(link).status_code == Client().post(link, TWICE).status_code == 404


def test_a_new_password_ends_the_sessions_there_were(client, maya, begun):
    client.force_login(maya)
    Client().post(path(links.link(maya)), TWICE)
    assert client.get("/customers/")["Location"].startswith("/sign-in/")


def test_an_unknown_address_is_answered_alike_and_no_mail_leaves(db):
    known = cast.colleague("Maya")
    answers = [ask_for_link(email) for email in (known.email, "nobody@example.com")]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    sent()
    assert [message.to for message in mail.outbox] == [[known.email]]
    assert Outgoing.objects.get(state="dropped").said == "Nobody is waiting for this mail."


def test_the_work_for_an_unknown_address_is_the_same(db, django_assert_num_queries):
    cast.colleague("Maya")
    for email in ("maya@example.com", "nobody@example.com"):
        # Two in a transaction that counts, one for the outbox.
        with django_assert_num_queries(5):
            ask_for_link(email)


def test_who_may_not_sign_in_any_more_gets_no_link(db):
    lou = cast.colleague("Lou", is_active=False)
    ask_for_link(lou.email)
    assert sent() is None
    assert Client().get(path(links.link(lou))).status_code == 404


def test_asked_for_again_within_five_minutes_it_is_one_mail_and_soon_one_waits(maya):
    assert [ask_for_link(maya.email).status_code for _ in range(4)] == [302] * 3 + [429]
    sent()
    assert len(mail.outbox) == 1


def test_a_link_ends_after_a_day_and_one_of_an_invitation_after_seven(clock, maya, zoe):
    for colleague, lasts in ((maya, timedelta(days=1)), (zoe, timedelta(days=7))):
        clock.move_to(NOW)
        link = path(links.link(colleague))
        clock.move_to(NOW + lasts)
        assert Client().get(link).status_code == 200
        clock.move_to(NOW + lasts + timedelta(seconds=1))
        assert Client().get(link).status_code == 404


def test_somebody_invited_chooses_a_password_and_is_in(zoe, begun):
    message = sent()
    assert (message.to, message.subject) == (["zoe@example.com"], "Rapport: choose your password")
    assert "Hello Zoe," in message.body
    link = path(links.link(zoe))
    assert link in message.body
    assert "Welcome, Zoe." in Client().get(link).content.decode()
    browser = Client()
    assert browser.post(link, {"password1": "short", "password2": "short"}).status_code == 400
    page = browser.post(link, TWICE, follow=True)
    assert page.redirect_chain[-1][0] == "/today/"
    assert "choose your own now" not in page.content.decode()
    assert Client().get(link).status_code == 404


def test_before_that_no_password_lets_them_in(zoe):
    for password in ("", "!", zoe.password):
        assert not signs_in(zoe.email, password)


def test_invited_again_the_link_before_ends(zoe):
    first = path(links.link(zoe))
    invitations.invite(zoe, now=NOW + timedelta(hours=1))
    assert Client().get(first).status_code == 404
    assert Client().get(path(links.link(zoe))).status_code == 200
    queue.send(clock=lambda: NOW + timedelta(hours=1))
    assert len(mail.outbox) == 1  # the first one is not sent any more


@pytest.mark.parametrize("link", ["x", "1-", "-x", "1-x-y", "9" * 5_000 + "-x", "١-x", "0-bm8z4p-" + "0" * 32])
def test_rubbish_is_a_link_that_does_not_work(maya, link):
    assert Client().get(f"/password/choose/{link}/").status_code == 404


def test_a_link_for_one_purpose_or_person_is_none_for_another(maya, zoe):
    number, _dash, token = links.link(maya).rstrip("/").rpartition("/")[2].partition("-")
    assert links.owner(f"{number}-{token}") == maya
    assert links.owner(f"{zoe.pk}-{token}") is None


def test_opening_a_link_writes_nothing(maya, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = Client().get(path(links.link(maya)))
    assert "sessionid" not in page.cookies


def test_without_a_mail_server_the_page_says_so(settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert "has no mail server" in Client().get("/password/forgotten/sent/").content.decode()


def test_a_password_somebody_else_made_is_to_be_changed_and_it_is_said_once(client, begun):
    ada = cast.colleague("Ada", Role.ADMIN)

    def signing_in():
        return client.post("/sign-in/", {"username": ada.email, "password": cast.PASSWORD}, follow=True)

    assert "choose your own now" in signing_in().content.decode()
    client.post("/sign-out/")
    assert "choose your own now" not in signing_in().content.decode()


def test_the_link_is_in_the_language_it_was_asked_in(maya):
    Client(headers={"Accept-Language": "fr"}).post("/password/forgotten/", {"email": maya.email})
    assert Outgoing.objects.get().payload["language"] == "fr"


def test_allauth_keeps_no_addresses_of_its_own(maya, zoe):
    """An address changed in the admin would live on there, and let its former owner in."""
    from allauth.account.models import EmailAddress

    assert signs_in(maya.email, cast.PASSWORD)
    Client().post(path(links.link(zoe)), TWICE)
    ask_for_link(maya.email)
    sent()
    assert not EmailAddress.objects.exists()
