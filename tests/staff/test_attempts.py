"""Wrong passwords cost time, for who sends them; a refused attempt costs no hash; nobody is locked out by strangers."""

import logging
import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client

from staff.models import FailedAttempts, Role
from staff.signing_in import adapter, attempts, devices
from staff.signing_in.delays import PAIR
from tests.conftest import NOW
from tests.pages import cast

SIGN_IN = "/sign-in/"
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def maya(db):
    return cast.colleague("Maya")


@pytest.fixture
def hashes(monkeypatch):
    """The addresses whose password was really looked at."""
    seen = []

    def counting(request, **credentials):
        seen.append(credentials["email"])
        return authenticate(request, **credentials)

    monkeypatch.setattr(adapter, "authenticate", counting)
    return seen


def post(client, password="wrong", email="maya@example.com", where=HERE, **more):
    return client.post(SIGN_IN, {"username": email, "password": password}, **where, **more)


def guess(times, email="maya@example.com", where=HERE):
    return [post(Client(), email=email, where=where).status_code for _ in range(times)]


def test_after_five_wrong_passwords_one_waits_and_no_hash_is_computed(clock, maya, hashes):
    assert guess(7) == [200] * 5 + [429] * 2
    assert len(hashes) == 5
    refused = post(Client(), cast.PASSWORD)
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    assert "Too many attempts. Wait 1 second, then try again." in refused.content.decode()


def test_the_wait_grows_and_impatience_makes_it_no_longer(clock, maya):
    guess(5)
    for seconds in (1, 2, 4, 8):
        assert post(Client())["Retry-After"] == f"{seconds}"
        assert post(Client())["Retry-After"] == f"{seconds}"
        clock.shift(timedelta(seconds=seconds))
        assert post(Client()).status_code == 200


def test_who_waited_gets_in_and_starts_anew(clock, maya):
    guess(6)
    clock.shift(timedelta(seconds=1))
    assert post(Client(), cast.PASSWORD).status_code == 302
    assert guess(6) == [200] * 5 + [429]


def test_a_stranger_elsewhere_slows_nobody_down_here(clock, maya):
    assert 429 in guess(20, where=ELSEWHERE)
    assert post(Client(), cast.PASSWORD).status_code == 302


def test_strangers_from_everywhere_do_not_slow_down_a_browser_that_signed_in_before(clock, maya):
    browser = Client()
    assert post(browser, cast.PASSWORD).status_code == 302
    browser.post("/sign-out/")
    for i in range(110):
        guess(1, where={"REMOTE_ADDR": f"192.0.2.{i}"})
    guess(30)
    assert post(Client(), cast.PASSWORD, where=ELSEWHERE).status_code == 429
    assert post(browser, cast.PASSWORD).status_code == 302


def test_such_a_browser_cannot_guess_without_limit_either(clock, maya):
    browser = Client()
    post(browser, cast.PASSWORD)
    browser.post("/sign-out/")
    assert [post(browser).status_code for _ in range(6)] == [200] * 5 + [429]


def test_it_is_known_for_its_own_colleague_alone(clock, maya):
    cast.colleague("Ada", Role.ADMIN)
    browser = Client()
    post(browser, cast.PASSWORD)
    browser.post("/sign-out/")
    guess(6, email="ada@example.com")
    assert post(browser, email="ada@example.com").status_code == 429


def test_a_cookie_somebody_made_up_is_none(clock, maya, rf):
    browser = Client()
    browser.cookies[devices.COOKIE] = f'["x",["{attempts.account_of(maya.email)}"]]:forged'
    guess(5)
    assert post(browser).status_code == 429


def test_one_password_tried_on_many_accounts_is_slowed_by_the_network(clock, db):
    statuses = [post(Client(), email=f"nobody{i}@example.com").status_code for i in range(15)]
    assert statuses == [200] * 10 + [429] * 5


def test_signing_in_now_and_then_does_not_wash_the_other_guesses_off(clock, maya):
    cast.colleague("Eve")
    for i in range(9):
        post(Client(), email=f"nobody{i}@example.com")
    assert post(Client(), cast.PASSWORD, email="eve@example.com").status_code == 302
    assert [post(Client(), email=f"other{i}@example.com").status_code for i in range(2)] == [200, 429]


def test_unknown_addresses_cost_the_same_words_and_the_same_hash(clock, maya, hashes):
    pages = [post(Client(), email=email) for email in ("maya@example.com", "nobody@example.com")]
    assert hashes == ["maya@example.com", "nobody@example.com"]
    for page in pages:
        assert "This e-mail and password do not go together." in page.content.decode()
    assert guess(6, email="nobody@example.com") == [200] * 4 + [429] * 2


@pytest.mark.parametrize("other", ["MAYA@example.com", " maya@example.com ", "maya@EXAMPLE.com", "ｍaya@example.com"])
def test_another_way_to_write_an_address_is_the_same_account(other):
    assert attempts.account_of(other) == attempts.account_of("maya@example.com")


def test_what_postgresql_takes_for_the_same_address_is_the_same_account(db):
    """A dotless ı is an I in upper case: every way to write it would be five more guesses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('dıana@example.com') = upper('diana@example.com')")
        assert cursor.fetchone() in [(True,), (False,)]
    assert attempts.account_of("dıana@example.com") == attempts.account_of("diana@example.com")


def test_addresses_of_one_ipv6_network_count_together(clock, maya):
    for i in range(5):
        guess(1, where={"REMOTE_ADDR": f"2001:db8::{i}"})
    assert guess(1, where={"REMOTE_ADDR": "2001:db8::ffff"}) == [429]
    assert guess(1, where={"REMOTE_ADDR": "2001:db8:0:1::1"}) == [200]


def test_behind_a_proxy_the_address_is_the_one_the_proxy_added(clock, maya, settings):
    settings.BEHIND_PROXY = True
    for i in range(5):
        post(Client(), HTTP_X_FORWARDED_FOR=f"10.0.0.{i}, 203.0.113.7")
    assert post(Client(), HTTP_X_FORWARDED_FOR="10.0.0.99, 203.0.113.7").status_code == 429
    assert post(Client(), HTTP_X_FORWARDED_FOR="203.0.113.7, 198.51.100.9").status_code == 200


def test_the_table_names_neither_address_nor_network(clock, maya):
    guess(1)
    rows = list(FailedAttempts.objects.values_list("key", "failures"))
    assert len(rows) == 3 and all(len(bytes(key)) == 16 and failures == 1 for key, failures in rows)


def test_the_log_tells_of_attempts_without_an_address(clock, maya, caplog):
    with caplog.at_level(logging.INFO, "staff.signing_in"):
        guess(6)
        post(Client(), cast.PASSWORD, where=ELSEWHERE)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("staff.")]
    lines = [line.partition(":")[0] for line in ours]
    assert lines == ["Wrong password"] * 5 + ["Attempt refused", "Signed in"]
    assert "maya" not in caplog.text and "203.0.113" not in caplog.text


def test_old_counts_are_dropped(clock, maya):
    guess(1)
    assert attempts.forget(now=NOW + timedelta(hours=23)) == 0
    assert attempts.forget(now=NOW + timedelta(hours=25)) == 3


def test_when_all_places_are_taken_one_comes_again_and_nothing_is_counted(clock, maya, hashes, monkeypatch):
    monkeypatch.setattr(adapter, "_HASHING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(adapter, "_PATIENCE", 0)
    with adapter._HASHING:
        refused = post(Client(), cast.PASSWORD)
    assert (refused.status_code, refused["Retry-After"], hashes) == (429, "1", [])
    assert set(FailedAttempts.objects.values_list("failures", flat=True)) == {0}
    assert post(Client(), cast.PASSWORD).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_forty_at_once_only_the_free_ones_are_looked_at(clock, hashes):
    """Each is counted before its password is looked at, so being fast does not help."""
    cast.colleague("Maya")
    statuses, barrier = [], threading.Barrier(40)

    def attempt():
        barrier.wait()
        try:
            statuses.append(guess(1)[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == 40 and set(statuses) == {200, 429}
    assert 1 <= len(hashes) == statuses.count(200) <= PAIR.free
