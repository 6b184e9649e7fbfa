"""Who may call: live keys with the scope, colleagues who are signed in. Never by a key in an address."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from staff import api_keys, guesses
from staff.models import ApiKey, KeyGuess, Role
from tests.api.conftest import Api
from tests.conftest import NOW
from tests.pages import cast


def refusal(answer):
    said = answer.json()
    assert set(said) == {"code", "message", "errors", "request_id"}
    return answer.status_code, said["code"]


def test_without_a_key_nobody_is_let_in(begun):
    answer = Api().get("customers/")
    assert refusal(answer) == (401, "no_key")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer x", "Bearer rapport_abcdefgh_secret", "Bearer ", "Basic eDp5", "Bearer é\u00ff"]
)
def test_a_key_that_is_none_is_refused(begun, header):
    assert refusal(Api().get("customers/", Authorization=header)) == (401, "unknown_key")


def test_a_key_that_has_ended_is_refused(make_key):
    row, key = api_keys.create("Old", ["customers:read"], now=NOW, expires_at=NOW + timedelta(days=1))
    assert Api(key).get("customers/").status_code == 200
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert refusal(Api(key).get("customers/")) == (401, "unknown_key")
    ApiKey.objects.filter(pk=row.pk).update(revoked_at=NOW)
    assert refusal(Api(key).get("customers/")) == (401, "unknown_key")


def test_a_key_of_a_colleague_who_left_is_refused(make_key, maya):
    api = make_key(colleague=maya)
    assert api.get("me/").json()["colleague_id"] == maya.pk
    maya.is_active = False
    maya.save()
    assert refusal(api.get("me/")) == (401, "unknown_key")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "customers/", "customers:read"),
        ("PUT", "customers/by-id/x/", "customers:write"),
        ("GET", "contacts/", "customers:read"),
        ("GET", "customers/1/invoices/", "records:read"),
        ("POST", "customers/1/notes/", "records:write"),
        ("GET", "customers/1/events/", "events:read"),
        ("GET", "event-types/", "events:read"),
        ("PUT", "event-types/by-name/x/", "event-types:write"),
        ("PATCH", "event-types/1/", "event-types:write"),
        ("GET", "at-risk/", "scores:read"),
        ("GET", "customers/1/score/", "scores:read"),
        ("POST", "scoring-models/1/what-if/prepare/", "scores:write"),
        ("GET", "segments/", "segments:read"),
        ("GET", "surveys/", "surveys:read"),
        ("GET", "answers/waiting/", "surveys:read"),
        ("POST", "surveys/1/invitations/", "surveys:write"),
    ],
)
def test_a_key_may_do_what_its_scopes_say(make_key, method, path, scope):
    others = [one for one in ApiKey.SCOPES if one not in (scope, *ApiKey.PUBLIC_SCOPES)]
    refused = make_key(*others).call(method, path, {})
    assert refusal(refused) == (403, "missing_scope")
    assert scope in refused.json()["message"]
    assert make_key(scope).call(method, path, {}).status_code not in (401, 403)


@pytest.mark.parametrize("name", ["api_key", "key", "token", "access_token", "API_KEY"])
def test_a_key_in_an_address_is_refused_even_beside_a_good_one(api, name):
    assert refusal(api.get(f"customers/?{name}={api.key}")) == (400, "key_in_address")


def test_a_write_key_of_a_web_page_opens_nothing_here(begun):
    _row, key = api_keys.create("Website", [ApiKey.EVENTS_WRITE], now=NOW)
    assert refusal(Api(key).get("customers/")) == (403, "missing_scope")
    with pytest.raises(api_keys.UnknownScope, match="stands alone"):
        api_keys.create("Both", [ApiKey.EVENTS_WRITE, "customers:read"], now=NOW)


def test_a_viewer_reads_and_writes_nothing_by_key_or_session(make_key, acme):
    vera = cast.colleague("Vera", Role.VIEWER)
    by_key = make_key(colleague=vera)
    browser = Client()
    browser.force_login(vera)
    for someone in (by_key, Api(client=browser)):
        assert someone.get(f"customers/{acme.pk}/").status_code == 200
        assert refusal(someone.patch(f"customers/{acme.pk}/", {"name": "Mine"})) == (403, "read_only")


def test_a_colleague_who_is_signed_in_writes_only_with_the_csrf_token(maya, acme):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(maya)
    session = Api(client=browser)
    assert session.get(f"customers/{acme.pk}/").status_code == 200
    assert session.patch(f"customers/{acme.pk}/", {"name": "Mine"}).status_code == 403
    browser.get("/customers/")
    token = browser.cookies["csrftoken"].value
    assert session.patch(f"customers/{acme.pk}/", {"name": "Mine"}, **{"X-CSRFToken": token}).status_code == 200


def test_the_last_use_of_a_key_is_noted_once_a_minute(api):
    for _ in range(3):
        api.get("me/")
    assert ApiKey.objects.get().last_used_at == NOW


def test_whoever_tries_many_keys_has_to_wait_and_who_has_one_does_not(api):
    for _ in range(guesses.PER_MINUTE):
        assert refusal(Api("rapport_abcdefgh_x").get("me/")) == (401, "unknown_key")
    answer = Api("rapport_abcdefgh_x").get("me/")
    assert refusal(answer) == (429, "too_many_guesses")
    assert answer["Retry-After"] == "60"
    assert api.get("me/").status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert refusal(Api("rapport_abcdefgh_x").get("me/")) == (401, "unknown_key")


def test_guesses_are_counted_by_the_network_behind_our_proxy_only_when_there_is_one(begun, settings):
    forged = {"X-Forwarded-For": "9.9.9.9, 203.0.113.7"}
    Api("rapport_abcdefgh_x").get("me/", **forged)
    assert KeyGuess.objects.get().network == "127.0.0.1"
    settings.BEHIND_PROXY = True
    Api("rapport_abcdefgh_x").get("me/", **forged)
    assert KeyGuess.objects.latest("pk").network == "203.0.113.7"


def test_one_subscriber_of_ipv6_is_one_network():
    assert guesses.network("2001:db8::1") == guesses.network("2001:db8::ffff") != guesses.network("2001:db8:0:1::1")


def test_counts_of_guesses_are_forgotten(begun):
    guesses.note("127.0.0.1", now=NOW)
    assert guesses.forget(now=NOW) == 0
    assert guesses.forget(now=NOW + timedelta(hours=2)) == 1


OPERATIONS = [
    (method, path)
    for path, methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].items()
    for method in methods
]
PARTS = {
    "record": (no_id := "00000000-0000-0000-0000-000000000000"),
    "answer": no_id,
    "task": no_id,
    "email": "a@b.example",
}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_refuses_whoever_has_no_key_or_not_the_scope(make_key, method, path):
    address = re.sub(r"{(\w+)}", lambda part: PARTS.get(part[1], "1"), path).removeprefix("/api/v1/")
    assert refusal(Api().call(method.upper(), address, {})) == (401, "no_key")
    if address != "me/":
        without = make_key("segments:read" if "segments" not in address else "events:read")
        assert refusal(without.call(method.upper(), address, {})) == (403, "missing_scope")
