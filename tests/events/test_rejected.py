"""What could not be stored is kept once for each message, within bounds, and dropped after a time with its number."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection

from core.models import Run
from events import ingest, rejected
from events.models import Event, Rejected, RejectedDropped, Source
from events.rejected import Refused
from events.replay import replay
from events.tasks import forget_rejected
from tests.conftest import NOW
from tests.events.people import track

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)
KIB_64 = 64 * 1024


@pytest.fixture
def keep(website):
    def keep(*raws, reason="No name", now=NOW, source=website):
        rejected.keep([Refused(source.pk, raw, reason) for raw in raws], now=now)

    return keep


def row(**fields):
    return Rejected.objects.get(**fields)


def test_a_message_that_comes_again_is_counted_in_its_row(keep):
    keep({"messageId": "1", "a": 1}, reason="No name")
    keep({"messageId": "1", "a": 2}, {"messageId": " 1 "}, reason="No type", now=LATER)
    kept = row()
    assert (kept.received_at, kept.last_at, kept.count, kept.reason) == (NOW, LATER, 3, "No type")
    assert json.loads(kept.body) == {"messageId": "1", "a": 1}


def test_what_comes_late_does_not_turn_the_time_back(keep):
    keep({"messageId": "1"}, now=LATER)
    keep({"messageId": "1"}, now=NOW)
    assert (row().last_at, row().count) == (LATER, 2)


def test_the_same_id_of_another_source_is_another_message(keep):
    other = Source.objects.create(name="App", kind="write_key", created_at=NOW)
    keep({"messageId": 1})
    keep({"messageId": "1"}, source=other)
    assert list(Rejected.objects.values_list("count", flat=True)) == [1, 1]


UNUSABLE = [None, "", " ", True, 1.5, [], {}, "x" * 201, "\0", "\ud800", 10**5_000]


@pytest.mark.parametrize("message_id", UNUSABLE, ids=range(len(UNUSABLE)))
def test_without_a_usable_id_it_is_the_message_itself_that_tells_a_repeat(keep, message_id):
    keep({"messageId": message_id, "a": 1}, {"messageId": message_id, "a": 2}, {"messageId": message_id, "a": 1})
    assert sorted(Rejected.objects.values_list("count", flat=True)) == [1, 2]


def test_bytes_that_are_no_json_are_told_apart_as_they_came(keep):
    keep(b'{"messageId": "1", "a": NaN}', b'{"messageId": "1", "b": NaN}', b'{"messageId": "1", "a": NaN}')
    assert sorted(Rejected.objects.values_list("count", flat=True)) == [1, 2]


def test_the_hash_of_an_id_is_the_one_the_log_knows_it_by(keep, website, send):
    keep({"messageId": "m1"})
    send({**track(userId="ann"), "messageId": "m1"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT message_hash FROM events_seen")
        assert bytes(cursor.fetchone()[0]) == bytes(row().message_hash)


def test_a_caller_that_knows_the_hash_gives_it(website):
    rejected.keep([Refused(website.pk, {"messageId": "1"}, "No", b"h" * 16)] * 2, now=NOW)
    assert (bytes(row().message_hash), row().count) == (b"h" * 16, 2)


def test_any_number_is_one_query_and_none_is_none(keep, django_assert_num_queries):
    with django_assert_num_queries(1):
        keep(*({"messageId": i} for i in range(500)))
    with django_assert_num_queries(0):
        keep()


WHOLE = {
    "ASCII": "x" * (KIB_64 - 2),
    "two bytes each": "я" * (KIB_64 // 2 - 1),
    "four bytes each": "\U0001f600" * (KIB_64 // 4 - 1) + "xx",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_64_kib_are_kept_whole_and_longer_ones_are_cut_between_two_characters(keep, text):
    keep(text)
    assert (row().body, row().is_cut) == (f'"{text}"', False)
    keep(f"{text}x")
    cut = row(is_cut=True)
    assert cut.body == f'"{text}x'
    keep(f"xy{text[:-1]}я")
    assert Rejected.objects.filter(is_cut=True).count() == 2
    assert all(KIB_64 - 4 < len(one.body.encode()) <= KIB_64 for one in Rejected.objects.filter(is_cut=True))


def test_what_differs_after_64_kib_are_two_messages(keep):
    keep("x" * KIB_64 + "1", "x" * KIB_64 + "2")
    assert Rejected.objects.filter(is_cut=True, count=1).count() == 2


def test_one_that_was_cut_cannot_be_replayed_and_says_why(keep):
    keep({**track(userId="ann"), "properties": {"text": "x" * KIB_64}})
    assert "longer than 64 KiB and was cut" in replay(row(), now=LATER)
    assert row().replayed_at is None


def nested(levels, inner="deep"):
    for _ in range(levels):
        inner = [inner]
    return inner


FROM_PYTHON = {
    "half a surrogate pair": ({"a": "\ud800"}, {"a": "\ud800"}),
    "keys that are no texts": ({("no", "text"): 1, 7: 2, "a": 3}, {"a": 3}),
    "300 levels": (nested(300), nested(200, "…")),
    "100,000 levels": (nested(100_000), nested(200, "…")),
    "a number of 5,000 digits": ({"a": 10**5_000}, {"a": hex(10**5_000)}),
    "an object": ({"a": threading}, {"a": repr(threading)}),
    "NUL": ({"a": "\0"}, {"a": "\0"}),
}


@pytest.mark.parametrize(("raw", "kept"), FROM_PYTHON.values(), ids=FROM_PYTHON)
def test_what_no_json_can_hold_is_kept_as_far_as_it_goes(keep, raw, kept):
    keep(raw)
    assert json.loads(row().body) == kept


def test_a_reason_that_no_text_can_hold_is_kept_too(keep):
    keep({}, reason="a\0b\ud800" + "x" * 400)
    assert row().reason == r"a\x00b\ud800" + "x" * 288


def test_one_that_was_replayed_opens_again_only_when_it_is_refused_again(send):
    unknown = {"type": "merge", "userId": "ann", "messageId": "1"}
    send(unknown)
    Rejected.objects.update(replayed_at=NOW)
    send({**track(userId="ann"), "messageId": "1"}, now=LATER)
    assert (row().replayed_at, row().count) == (NOW, 1)
    send({**unknown, "previousId": "a1"}, now=LATER)
    kept = row()
    assert (kept.replayed_at, kept.count, kept.received_at, kept.last_at) == (None, 2, LATER, LATER)
    assert json.loads(kept.body)["previousId"] == "a1"


def test_a_batch_that_repeats_a_bad_message_is_one_row(send):
    outcome = send(*[{"messageId": "1", "userId": "ann"}] * 5, track(userId="ann"))
    assert (outcome.stored, outcome.rejected, row().count) == (1, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_two_writers_with_the_same_messages_in_different_order_wait_for_each_other(keep, website):
    """Unsorted, each of two transactions held what the other wanted next."""
    messages = [{"messageId": i} for i in range(300)]
    failures = []

    def write(order):
        try:
            for _ in range(10):
                rejected.keep([Refused(website.pk, raw, "No") for raw in order], now=NOW)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(order,)) for order in (messages, messages[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert set(Rejected.objects.values_list("count", flat=True)) == {20}


def test_what_came_last_long_ago_is_dropped_and_counted(keep, website, settings):
    settings.REJECTED_DAYS = 30
    other = Source.objects.create(name="App", kind="write_key", created_at=NOW)
    keep({"messageId": 1}, {"messageId": 2}, now=NOW - 31 * DAY)
    keep({"messageId": 1}, {"messageId": 3}, now=NOW - 31 * DAY, source=other)
    keep({"messageId": 4}, now=NOW - 30 * DAY)
    keep({"messageId": 2}, now=NOW)  # came again
    assert rejected.forget(now=NOW) == 3
    assert sorted(Rejected.objects.values_list("count", flat=True)) == [1, 2]
    dropped = RejectedDropped.objects.values_list("source", "day", "count")
    assert set(dropped) == {(website.pk, NOW.date(), 1), (other.pk, NOW.date(), 2)}
    assert RejectedDropped.objects.total() == (3, NOW.date())


def test_what_was_stored_by_a_replay_is_not_among_the_dropped(keep, settings):
    settings.REJECTED_DAYS = 1
    keep({"messageId": 1}, now=NOW - 2 * DAY)
    Rejected.objects.update(replayed_at=NOW - 2 * DAY)
    assert rejected.forget(now=NOW) == 1
    assert RejectedDropped.objects.total() == (0, None)


def test_the_dropping_goes_in_chunks_once_a_day(keep, monkeypatch, settings):
    settings.REJECTED_DAYS = 1
    monkeypatch.setattr(rejected, "CHUNK", 2)
    keep(*({"messageId": i} for i in range(5)), now=NOW - 2 * DAY)
    assert rejected.forget(now=NOW) == 5
    assert RejectedDropped.objects.total() == (5, NOW.date())
    keep({"messageId": 9}, now=NOW - 2 * DAY)
    assert rejected.forget(now=LATER) == 0
    assert rejected.forget(now=NOW + DAY) == 1
    assert Run.objects.filter(job=rejected.JOB).count() == 1


def test_the_task_looks_for_what_is_due(keep, at_now):
    keep({"messageId": 1}, now=NOW - 91 * DAY)
    keep({"messageId": 2}, now=NOW - 89 * DAY)
    forget_rejected(added_later=1)
    assert Rejected.objects.count() == 1


def test_a_message_of_ten_megabytes_takes_64_kib(website):
    ingest.record([{**track(userId="ann"), "properties": {"text": "x" * 10_000_000}}], source=website, now=NOW)
    assert (len(row().body), row().is_cut, Event.objects.count()) == (KIB_64, True, 0)
    assert row().reason == "The message is larger than 64 KiB: `properties.text`."
