"""The door: 200 means committed; every other answer is one an SDK understands; never a redirect, never a 5xx."""

import json

import pytest
from django.db import InterfaceError, OperationalError

from events import ingest, write_keys
from events.models import Event, Rejected
from tests.events.conftest import basic
from tests.events.people import user
from tests.front import ask

KINDS = ["batch", "track", "page", "screen", "identify", "group", "alias"]
TRACK = {"type": "track", "userId": "ann", "event": "Report created"}


def refused(answer, status, code):
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert isinstance(said["message"], str) and said["message"]
    return True


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_route_answers_success_with_and_without_a_slash(door, kind, slash):
    message = {"userId": "ann", "groupId": "acme", "event": "Report created", "previousId": "a1"}
    body = {"batch": [{"type": "track", **message}]} if kind == "batch" else message
    answer = door.post(f"/v1/{kind}{slash}", body)
    assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    assert answer["Content-Type"] == "application/json"


def test_a_message_sent_alone_is_what_its_path_says(door):
    for kind in ("track", "page", "screen"):
        door.post(f"/v1/{kind}", {"userId": "ann", "event": "Report created"})
    names = Event.objects.order_by("id").values_list("event_type__name", flat=True)
    assert list(names) == ["Report created", "Page viewed", "Screen viewed"]


def test_an_alias_joins_two_ids(door):
    door.post("/v1/track", {**TRACK, "userId": "old"})
    assert door.post("/v1/alias", {"previousId": "old", "userId": "ann"}).status_code == 200
    assert user("old") == user("ann")
    assert not Rejected.objects.exists()


def test_success_means_stored(door):
    door.batch(TRACK, {**TRACK, "userId": "bob"})
    assert Event.objects.count() == 2


def test_an_empty_batch_is_fine(door):
    assert door.batch().status_code == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_told_to_post(method, kind):
    answer = ask(method, f"/v1/{kind}")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert refused(answer, 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "//v1/batch", "/V1/BATCH", "/v1/batch//", "/v1/batch/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_address_that_is_none_is_said_to_programs(method, path):
    assert refused(ask(method, path, b"{}"), 404, "not_found")


@pytest.mark.parametrize("host", [None, "", "elsewhere.example", "localhost.elsewhere.example", "[", "localhost:x"])
def test_a_host_that_is_not_ours_is_said_to_programs(door, host):
    assert refused(door.post("/v1/track", TRACK, Host=host), 400, "unknown_host")


def test_a_length_and_chunks_at_once_are_refused(door):
    assert refused(door.post("/v1/track", TRACK, **{"Transfer-Encoding": "chunked"}), 400, "invalid_body")


def test_the_content_type_does_not_matter(door):
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense", ""):
        assert door.post("/v1/track", TRACK, content_type=content_type).status_code == 200
    assert Event.objects.count() == 5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"{}",
        b'{"batch": null}',
        b'{"batch": {}}',
        b'{"batch": "text"}',
        b'{"batch": [{"type": "track"}',
        b'{"batch": [NaN]} and more',
        b'{"other": {"batch": [NaN]}}',
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(door, body):
    answer = door.post("/v1/batch", body)
    assert answer.json()["code"] in ("invalid_json", "invalid_body")
    assert refused(answer, 400, answer.json()["code"])
    assert not Rejected.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"7", b'{"userId": NaN}'])
def test_a_message_alone_that_is_no_object_is_refused(door, body):
    assert door.post("/v1/track", body).status_code == 400


def test_what_is_in_a_batch_and_no_message_is_rejected_alone(door):
    answer = door.batch("text", 7, None, ["list"], True, {}, TRACK)
    assert answer.status_code == 200
    assert (Event.objects.count(), Rejected.objects.count()) == (1, 6)


def test_two_thousand_messages_are_taken_and_one_more_is_too_many(door):
    some = [{"type": "track", "userId": f"u{i % 7}", "event": "Report created"} for i in range(2_000)]
    assert door.batch(*some).status_code == 200
    assert Event.objects.count() == 2_000
    assert refused(door.batch(*some, TRACK), 413, "too_many_messages")
    assert refused(door.post("/v1/batch", b'{"batch": [' + b"NaN," * 2_001 + b"1]}"), 413, "too_many_messages")
    assert Event.objects.count() == 2_000


def test_a_body_over_five_megabytes_is_too_large(door):
    padded = json.dumps({"batch": [TRACK]}).encode()
    assert door.post("/v1/batch", padded.ljust(5 * 1024 * 1024)).status_code == 200
    assert refused(door.post("/v1/batch", padded.ljust(5 * 1024 * 1024 + 1)), 413, "too_large")


@pytest.mark.parametrize(("key", "megabytes", "status"), [("", 6, 413), ("nobody's", 1, 401)])
def test_a_refused_body_is_read_to_its_end(door, key, megabytes, status):
    """Cut off while it sends, an SDK sees a broken connection instead of the answer, and sends it all again."""
    left = iter([bytes(64 * 1024)] * 16 * megabytes)
    answer = ask("POST", "/v1/batch", left, Authorization=basic(key or door.key))
    assert answer.status_code == status
    assert next(left, None) is None


@pytest.mark.parametrize("absent", [None, "", "  "])
def test_null_and_empty_ids_are_no_ids(door, absent):
    door.batch(
        {**TRACK, "userId": absent, "anonymousId": "a1", "messageId": absent, "context": {"groupId": absent}},
        {**TRACK, "userId": "ann", "anonymousId": absent, "messageId": absent},
        {**TRACK, "userId": absent, "anonymousId": absent},
    )
    people = Event.objects.order_by("id").values_list("person__kind", "person__value")
    assert list(people) == [("anonymous", "a1"), ("user", "ann")]
    assert "Nobody did this" in Rejected.objects.get().reason


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("place", [(ingest, "store"), (write_keys, "source_of")])
def test_a_database_that_is_down_asks_to_be_tried_again(door, monkeypatch, error, place):
    def down(*args, **kwargs):
        raise error("the connection is closed")

    monkeypatch.setattr(*place, down)
    answer = door.batch(TRACK)
    assert refused(answer, 503, "try_again")
    assert answer["Retry-After"] == "5"


def test_a_fault_of_ours_is_said_to_programs(door, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("No such luck")

    monkeypatch.setattr(ingest, "store", broken)
    assert refused(door.batch(TRACK), 500, "internal_error")


def test_a_body_that_breaks_off_is_refused(door):
    answer = ask("POST", "/v1/batch", [b'{"batch": []}', None], Authorization=basic(door.key))
    assert refused(answer, 400, "invalid_body")


def test_a_body_in_pieces_is_read(door):
    """As the Kotlin SDK sends: without a length."""
    body = json.dumps({"batch": [TRACK]}).encode()
    assert ask("POST", "/v1/batch", [body[:7], body[7:]], Authorization=basic(door.key)).status_code == 200
    assert Event.objects.count() == 1
