"""One shape for every error, in the language of whoever asks; nothing a program can send is a 5xx."""

import json

import pytest
from django.db import OperationalError

from core.api import parsing
from customers.models import Customer
from tests.api.conftest import Api, faults


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b"[]", 400, "invalid_json"),
        (b"null", 400, "invalid_json"),
        (b'{"name": NaN}', 400, "invalid_json"),
        (b'{"seats": 1e400}', 400, "invalid_json"),
        (b'{"name": "\\ud800"}', 400, "invalid_json"),
        (b"\xff", 400, "invalid_json"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400, "invalid_json"),
        (b'{"attributes": ' + b'{"a":' * 30 + b"1" + b"}" * 30 + b"}", 400, "invalid"),
        (b'{"seats": ' + b"9" * 5_000 + b"}", 400, "invalid_json"),
        (b'{"name": "\\u0000"}', 400, "invalid"),
        (b" " * (parsing.MOST + 1), 413, "too_large"),
    ],
    ids=range(12),
)
def test_a_hostile_body_is_refused_in_the_one_shape(api, acme, body, status, code):
    answer = api.call("PATCH", f"customers/{acme.pk}/", body)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert set(said) == {"code", "message", "errors", "request_id"} and said["message"]


def test_other_content_types_are_refused(api):
    answer = api.client.post("/api/v1/customers/", {"company_id": "x"}, headers={"Authorization": f"Bearer {api.key}"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("path", ["nowhere/", "customers/abc/", "customers/1", "customers/" + "9" * 5_000 + "/"])
def test_an_address_that_does_not_exist_answers_json(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_method_that_does_not_exist_answers_json(api):
    answer = api.delete("customers/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("cursor", ["nonsense", "%00", "é", "WyJhIiwxXQ:aaaa"])
def test_a_made_up_cursor_is_an_error(api, cursor):
    answer = api.get(f"customers/?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_errors_name_each_field_and_speak_the_askers_language(api):
    answer = api.post("customers/", {"stage": "lost", "tags": ["a", ""]}, **{"Accept-Language": "fr"})
    assert faults(answer) == {"company_id": "required", "stage": "invalid_choice", "tags.1": "blank"}
    assert "Ce champ est obligatoire." in {fault["message"] for fault in answer.json()["errors"]}


def test_an_error_names_the_request_when_the_log_does(api):
    answer = api.client.get("/api/v1/nowhere/", headers={"X-Request-Id": "check-0123456789"})
    assert answer.json()["request_id"] == answer["X-Request-Id"] == "check-0123456789"


def test_a_database_that_does_not_answer_is_said_to_be_tried_again(api, monkeypatch):
    def fail(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr("customers.lifecycle.upsert", fail)
    answer = api.put("customers/by-id/acme/", {})
    assert (answer.status_code, answer.json()["code"]) == (503, "try_again")
    assert answer["Retry-After"] == "5"


def test_a_failure_of_ours_is_logged_and_told_without_its_details(api, monkeypatch, caplog):
    def fail(*_args, **_more):
        raise RuntimeError("a secret")

    monkeypatch.setattr("customers.lifecycle.upsert", fail)
    api.client.raise_request_exception = False
    answer = api.put("customers/by-id/acme/", {})
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "secret" not in json.dumps(answer.json())
    assert "a secret" in caplog.text
    assert not Customer.objects.exists()


def test_answers_are_kept_by_nobody_on_the_way(api):
    assert api.get("customers/")["Cache-Control"] == "no-store"
    assert Api().get("customers/")["Cache-Control"] == "no-store"


def test_a_body_of_exactly_1_mb_is_read(api, acme):
    body = b'{"name": "Acme 2"}'.ljust(1_048_576)
    assert api.call("PATCH", f"customers/{acme.pk}/", body).status_code == 200
    assert api.call("PATCH", f"customers/{acme.pk}/", body + b" ").status_code == 413


def test_a_mark_of_byte_order_before_the_body_is_passed_over(api, acme):
    assert api.call("PATCH", f"customers/{acme.pk}/", b'\xef\xbb\xbf{"name": "Acme 2"}').json()["name"] == "Acme 2"
