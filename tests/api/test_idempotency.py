"""A write that is sent again with its key is done once; another request with that key is refused."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import close_old_connections, connections

from core.api import stored_answers
from core.models import Answered
from customers.models import Customer
from records.models import Note
from staff import api_keys
from tests.api.conftest import EVERYTHING, Api
from tests.conftest import NOW

KEY = {"Idempotency-Key": "order-7"}


def write(api, acme, text="Called them", **headers):
    return api.post(f"customers/{acme.pk}/notes/", {"text": text}, **{**KEY, **headers})


def test_sent_twice_a_note_is_written_once_and_answered_the_same(api, acme):
    first, second = write(api, acme), write(api, acme)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first.get("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (None, "true")
    assert Note.objects.count() == 1


def test_the_order_of_names_in_the_body_does_not_matter(api, acme):
    path = f"customers/{acme.pk}/notes/"
    api.post(path, {"text": "a", "kind": "call"}, **KEY)
    assert api.post(path, {"kind": "call", "text": "a"}, **KEY)["Idempotency-Replayed"] == "true"


def test_another_request_with_the_same_key_is_refused(api, acme):
    write(api, acme)
    other = write(api, acme, text="Wrote to them")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert api.put("customers/by-id/acme/", {}, **KEY).status_code == 422
    assert Note.objects.count() == 1


def test_keys_of_two_askers_have_nothing_to_do_with_each_other(make_key, acme):
    assert write(make_key(), acme).status_code == 201
    assert write(make_key(), acme, text="Other").status_code == 201


def test_an_error_is_not_remembered(api, acme):
    assert write(api, acme, text="").status_code == 400
    assert not Answered.objects.exists()
    assert write(api, acme).status_code == 201


def test_after_a_day_a_key_is_new_again(api, acme):
    write(api, acme)
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert write(api, acme, text="Other").status_code == 201


def test_answers_are_forgotten_after_a_day(api, acme):
    write(api, acme)
    assert stored_answers.forget(now=NOW + timedelta(hours=23)) == 0
    assert stored_answers.forget(now=NOW + timedelta(hours=24)) == 1


def test_an_empty_answer_is_repeated_as_well(api, acme):
    path = f"customers/{acme.pk}/rest/"
    assert [api.delete(path, **KEY).status_code for _ in range(2)] == [204, 204]


@pytest.mark.parametrize("key", [" ", "x" * 256])
def test_a_key_has_1_to_255_characters(api, acme, key):
    assert write(api, acme, **{"Idempotency-Key": key}).json()["code"] == "bad_idempotency_key"


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_write_once(settings):
    _row, key = api_keys.create("CRM", EVERYTHING, now=NOW)
    said = []

    def send():
        try:
            said.append(Api(key).post("customers/", {"company_id": "acme"}, **KEY).json())
        finally:
            close_old_connections()
            connections["default"].close()

    both = [threading.Thread(target=send) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert said[0] == said[1]
    assert Customer.objects.count() == 1
