"""Who may send: a live key with the scope, wherever the SDK puts it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from events import write_keys
from events.models import Channel, Event, Source
from staff import api_keys
from staff.models import ApiKey
from tests.conftest import NOW
from tests.events.conftest import Door, basic
from tests.events.test_door import TRACK, refused

pytestmark = pytest.mark.usefixtures("at_now")


def from_everywhere(key):
    """Yield a post with the key in each place where SDKs put it."""
    door = Door(None)
    yield lambda: door.post("/v1/batch", {"batch": [TRACK]}, Authorization=basic(key))
    yield lambda: door.post("/v1/batch", {"batch": [TRACK], "writeKey": key})
    yield lambda: door.post(f"/v1/batch?writeKey={key}", {"batch": [TRACK]})
    yield lambda: door.post("/v1/batch", {"batch": [{**TRACK, "writeKey": key}, TRACK]})
    yield lambda: door.post("/v1/track", {**TRACK, "writeKey": key})
    yield lambda: door.post(f"/v1/track?writeKey={key}", TRACK)


def refused_everywhere(key):
    assert all(refused(post(), 401, "unknown_write_key") for post in from_everywhere(key))
    assert not Event.objects.exists()


def test_a_key_is_taken_from_the_header_the_body_the_query_or_the_first_message(key):
    for post in from_everywhere(key):
        assert post().status_code == 200
    assert Event.objects.count() == 7


def test_a_key_in_the_body_is_found_beside_a_bad_message(key):
    raw = b'{"batch": [{"type": "track", "userId": "ann", "event": NaN}], "writeKey": "%s"}' % key.encode()
    assert Door(None).post("/v1/batch", raw).status_code == 200


def test_without_a_key_nobody_comes_in(website):
    assert refused(Door(None).batch(TRACK), 401, "unknown_write_key")


def test_an_unknown_key_is_refused_before_the_body_is_read(website):
    assert refused(Door("rapport_unknown").post("/v1/batch", b"no JSON"), 401, "unknown_write_key")


def test_an_unknown_key_is_refused(website):
    refused_everywhere("rapport_AAAAAAAA_" + "B" * 32)


def test_the_public_part_alone_opens_nothing(key):
    refused_everywhere(key.rpartition("_")[0])
    refused_everywhere(key[:-1] + "!")


def test_a_revoked_key_is_refused(key):
    ApiKey.objects.update(revoked_at=NOW)
    refused_everywhere(key)


def test_an_expired_key_is_refused(key):
    ApiKey.objects.update(expires_at=NOW)
    refused_everywhere(key)


def test_a_key_is_good_until_it_expires(key):
    ApiKey.objects.update(expires_at=NOW + timedelta(seconds=1))
    assert Door(key).batch(TRACK).status_code == 200


def test_a_key_without_the_scope_is_refused(website):
    row, key = api_keys.create("Reader", [], now=NOW)
    website.keys.add(row)
    refused_everywhere(key)


def test_a_key_that_speaks_for_no_source_is_refused(db):
    _, key = api_keys.create("Orphan", [ApiKey.EVENTS_WRITE], now=NOW)
    refused_everywhere(key)


def test_a_good_key_in_the_body_does_not_save_a_bad_one_in_the_header(key):
    answer = Door("rapport_unknown").post("/v1/batch", {"batch": [TRACK], "writeKey": key})
    assert refused(answer, 401, "unknown_write_key")


def test_other_authorizations_are_passed_over(key):
    body = {"batch": [TRACK], "writeKey": key}
    for header in ("Bearer token", "Basic", "Basic !", "Basic /w==", "Basic Og==", "Nonsense"):
        assert Door(None).post("/v1/batch", body, Authorization=header).status_code == 200


@pytest.mark.parametrize("key", ["\0", "rapport_\0_x", "a" * 100_000, "\ud800", 7, [], {}, None, True])
def test_a_key_that_is_no_key_is_refused(website, key):
    answer = Door(None).post("/v1/batch", {"batch": [TRACK], "writeKey": key})
    assert answer.status_code in (400, 401)
    answer = Door(None).post("/v1/batch", {"batch": [{**TRACK, "writeKey": key}]})
    assert refused(answer, 401, "unknown_write_key")


@pytest.mark.parametrize("query", ["%00", "%ff", "%ed%a0%80", "a" * 5_000])
def test_a_query_that_is_no_key_is_refused(website, query):
    assert refused(Door(None).post(f"/v1/batch?writeKey={query}", {"batch": [TRACK]}), 401, "unknown_write_key")


def test_two_live_keys_speak_for_one_source(key):
    second = write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.EMAIL, now=NOW)
    same = {**TRACK, "messageId": "m1"}
    assert Door(key).batch(same).status_code == Door(second).batch(same).status_code == 200
    assert Event.objects.count() == 1
    assert Source.objects.get().channel == Channel.WEB


def test_message_ids_are_those_of_a_source(key):
    other = write_keys.create("Shop", [ApiKey.EVENTS_WRITE], channel=Channel.PURCHASE, now=NOW)
    for one in (key, other):
        Door(one).batch({**TRACK, "messageId": "m1"})
    assert Event.objects.count() == 2


def test_a_key_tells_when_it_was_last_used(key):
    Door(key).batch(TRACK)
    assert ApiKey.objects.get().last_used_at == NOW


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_key_needs_a_name(db, name):
    with pytest.raises(ValueError, match="name of 1 to 100 characters"):
        write_keys.create(name, [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=NOW)


def test_a_key_is_stored_as_a_hash(key):
    row = ApiKey.objects.get()
    assert key.startswith(row.public_part)
    assert len(bytes(row.secret_hash)) == 32
    assert key.encode() not in bytes(row.secret_hash)


def test_a_key_is_found_without_the_table_of_colleagues(key):
    """A lock on it holds up nobody who sends events."""
    with CaptureQueriesContext(connection) as asked:
        assert write_keys.source_of(key, now=NOW) is not None
    assert not [query["sql"] for query in asked.captured_queries if "staff_user" in query["sql"]]


def test_a_key_works_while_the_database_refuses_writes(key, caplog):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        assert write_keys.source_of(key, now=NOW) is not None
        transaction.set_rollback(True)
    assert "is not noted" in caplog.text
