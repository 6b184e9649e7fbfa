"""One bad event between two good ones: the batch is taken, the neighbours are stored, the bad one is cleaned or kept.

The bodies are written byte by byte, because no JSON library would write most of them.
"""

import json
import time

import pytest

from events import event_types, ingest
from events.models import Event, EventType, Rejected
from tests.conftest import NOW
from tests.events.test_door import TRACK

GOOD = b'{"type": "track", "userId": "ann", "event": "Report created"}'


def between_good_ones(door, bad):
    """Send it; return the event that was stored of it, or the row that was rejected."""
    answer = door.post("/v1/batch", b'{"batch": [' + GOOD + b", " + bad + b", " + GOOD + b"]}")
    assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    rejected = Rejected.objects.first()
    stored = Event.objects.select_related("event_type", "person").order_by("id")
    assert len(stored) == 2 + (rejected is None), "a good neighbour was lost"
    return rejected or stored[1]


def cut(text):
    """Return what is kept of a text, and whether that is not all of it."""
    raw = text.encode()
    return raw[: 64 * 1024].decode(errors="ignore"), len(raw) > 64 * 1024


def track(**fields):
    """Return a track call; values that are bytes go in as they are."""
    raw = {name: value for name, value in fields.items() if isinstance(value, bytes)}
    said = {"type": "track", "userId": "bob", "event": "Report created", **fields}
    parts = [json.dumps(name).encode() + b": " + (raw.get(name) or json.dumps(said[name]).encode()) for name in said]
    return b"{" + b", ".join(parts) + b"}"


NO_JSON = {
    "half a surrogate pair in a value": rb'{"a": "\ud800"}',
    "half a surrogate pair in a key": rb'{"\udfff": 1}',
    "NaN": b'{"value": NaN}',
    "Infinity": b'{"value": Infinity}',
    "-Infinity": b'{"value": -Infinity}',
    "a number beyond all floats": b'{"value": 1e400}',
    "a whole number of 5,000 digits": b'{"value": ' + b"9" * 5_000 + b"}",
    "invalid UTF-8": b'{"a": "\xff\xfe"}',
    "an overlong UTF-8 slash": b'{"a": "\xc0\xaf"}',
    "a raw control character": b'{"a": "\x00\x01"}',
    "255 levels": b"[" * 255 + b"]" * 255,
    "1,000 levels": b"[" * 1_000 + b"]" * 1_000,
    "5,000 levels": b"[" * 5_000 + b"]" * 5_000,
    "100,000 levels": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a comma too many": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "a comment": b"{} /* why */",
    "no value": b'{"a": }',
}


@pytest.mark.parametrize("properties", NO_JSON.values(), ids=NO_JSON)
def test_what_no_json_can_hold_is_kept_as_it_came(door, properties):
    bad = track(properties=properties)
    row = between_good_ones(door, bad)
    assert "no JSON" in row.reason
    assert (row.body, row.is_cut) == cut(bad.decode("utf-8", "backslashreplace").replace("\0", r"\x00"))


def nested(levels):
    return json.loads('{"a":' * levels + "1" + "}" * levels)


UNSTORABLE = {
    "nested too deep": (
        track(properties=nested(20)),
        f"nested more than 20 levels deep: `properties{'.a' * 20}`.",
    ),
    "a key of 101 characters": (
        track(properties={"a": [0, {"k" * 101: 1}]}),
        f"The key '{'k' * 20}'… is longer than 100 characters: `properties.a[1]`.",
    ),
    "more than 64 KiB": (track(properties={"text": "x" * 65_536}), "larger than 64 KiB: `properties.text`."),
    "more than 64 KiB in other letters": (track(properties={"text": "я" * 32_768}), "larger than 64 KiB"),
    "more than 64 KiB of nothing": (track(properties=[[]] * 32_768), "larger than 64 KiB"),
    "NUL in an id": (track(userId="a\0b"), "hold no NUL"),
    "NUL in the message id": (track(messageId="\0"), "hold no NUL"),
    "a user id that is an object": (track(userId={"id": 7}), "`userId` must be a text"),
    "a user id that is a list": (track(userId=["bob"]), "`userId` must be a text"),
    "a user id that is true": (track(userId=True), "`userId` is true. Programs send that where an id is missing"),
    "a user id that is a fraction": (track(userId=1.5), "`userId` must be a text"),
    "a user id of 201 characters": (track(userId="u" * 201), "at most 200 characters"),
    "an anonymous id that is an object": (track(anonymousId={}), "`anonymousId` must be a text"),
    "a message id that is a list": (track(messageId=[1]), "`messageId` must be a text"),
    "a company id that is an object": (track(context={"groupId": {}}), "`groupId` must be a text"),
    "an event name that is a list": (track(event=["Report created"]), "needs an event name"),
    "an event name that is a number": (track(event=7), "needs an event name"),
    "no event name": (track(event=None), "needs an event name"),
    "an empty event name": (track(event="  "), "needs an event name"),
    "an event name of 201 characters": (track(event="n" * 201), "longer than 200 characters"),
    "properties that are a list": (track(properties=["a"]), "`properties` must be a JSON object"),
    "properties that are a text": (track(properties="a"), "`properties` must be a JSON object"),
    "a context that is a text": (track(context="web"), "`context` must be a JSON object"),
    "traits that are a number": (track(type="identify", traits=7), "`traits` must be a JSON object"),
    "a type that is an object": (track(type={"a": 1}), "Unknown type"),
    "a type that is a list": (track(type=["track"]), "Unknown type"),
    "a type nobody knows": (track(type="explode"), "Unknown type 'explode'"),
    "no type": (track(type=None), "Unknown type"),
    "a time that is no time": (track(timestamp="yesterday"), "is no time"),
    "a time that is a small number": (track(timestamp=20260615), "`timestamp` '20260615' is no time"),
    "a time that is true": (track(timestamp=True), "`timestamp` 'True' is no time"),
    "a day of one of two months": (
        track(originalTimestamp="02/03/2026"),
        "`originalTimestamp` '02/03/2026' is no time",
    ),
    "a time that is an object": (track(timestamp={"a": 1}), "is no time"),
    "the 13th month": (track(timestamp="2026-13-01T00:00:00Z"), "is no time"),
    "the year 10000": (track(timestamp="10000-01-01T00:00:00Z"), "is no time"),
    "the year 1": (track(timestamp="0001-01-01T00:00:00Z"), "more than ten years ago"),
    "before the year 1": (track(timestamp="0001-01-01T00:00:00+14:00"), "is no time"),
    "after the year 9999": (track(timestamp="9999-12-31T23:59:59-14:00"), "is no time"),
    "a group call without a company": (track(type="group", groupId=None), "needs a groupId"),
    "a company id that is a number with a point": (track(type="group", groupId=1.0), "`groupId` must be a text"),
    "an identify call of nobody": (track(type="identify", userId=None), "needs a userId"),
    "a text": (b'"track"', "must be a JSON object"),
    "null": (b"null", "must be a JSON object"),
    "a number": (b"7", "must be a JSON object"),
    "nothing": (b"", "no JSON"),
}


@pytest.mark.parametrize(("bad", "reason"), UNSTORABLE.values(), ids=UNSTORABLE)
def test_what_cannot_be_stored_is_kept_with_the_reason(door, bad, reason):
    row = between_good_ones(door, bad)
    assert reason in row.reason
    said = bad.decode() and json.dumps(json.loads(bad), ensure_ascii=False, separators=(",", ":"))
    assert (row.body, row.is_cut) == cut(said)


PRODUCT = ["product_id", "sku", "name", "price", "quantity", "category", "brand", "url"]
CLEANED = {
    "NUL in a value": ({"a": "x\0y"}, {"a": "x\ufffdy"}),
    "NUL in a key": ({"x\0y": 1}, {"x\ufffdy": 1}),
    "a whole number beyond 2⁵³": ({"a": 2**60, "b": -(2**60)}, {"a": 2**53, "b": -(2**53)}),
    "a number beyond 64 bits": ({"a": 2**70}, {"a": 1_180_591_620_717_411_300_000}),
    "writing from right to left": ({"a": "\u202etxt.exe"}, {"a": "\u202etxt.exe"}),
    "a key of 100 characters": ({"k" * 100: 1}, {"k" * 100: 1}),
    "every kind of value": ({"a": [None, True, 1.5, {}, [], ""]}, {"a": [None, True, 1.5, {}, [], ""]}),
    "a smiling face": ({"a": "\U0001f600"}, {"a": "\U0001f600"}),
    "the deepest that is allowed": (nested(19), nested(19)),
    "256 keys": ({f"k{i}": i for i in range(256)},) * 2,
    "an order of 200 products": ({"products": [dict.fromkeys(PRODUCT, f"{i}") for i in range(200)]},) * 2,
    "400 objects of one key": ({"items": [{"id": i} for i in range(400)]},) * 2,
}


@pytest.mark.parametrize(("sent", "kept"), CLEANED.values(), ids=CLEANED)
def test_what_can_be_cleaned_is_stored(door, sent, kept):
    event = between_good_ones(door, track(properties=sent))
    assert event.properties == kept


def test_of_a_key_given_twice_the_last_counts(door):
    event = between_good_ones(door, track(properties=b'{"value": 1, "value": 2}'))
    assert (event.properties, event.value) == ({"value": 2}, 2_000)


def test_a_name_with_nul_is_stored_with_a_mark_in_its_place(door):
    assert between_good_ones(door, track(event="a\0b")).event_type.name == "a\ufffdb"


def test_the_longest_ids_and_names_are_stored(door):
    event = between_good_ones(door, track(userId="ы" * 200, event="ы" * 200, messageId="ы" * 200))
    assert (event.person.value, event.event_type.name) == ("ы" * 200, "ы" * 200)


def test_long_numbers_as_ids_stay_apart(door):
    """Clamped like other numbers they were one person, and one message."""
    first, second = 10_000_000_000_000_000_001, 10_000_000_000_000_000_002
    for number in (first, second):
        door.post("/v1/batch", b'{"batch": [' + track(userId=number, messageId=number) + b"]}")
    assert set(Event.objects.values_list("person__value", flat=True)) == {str(first), str(second)}


def test_a_batch_in_a_bad_event_is_not_taken_for_the_batch(door):
    row = between_good_ones(door, track(properties=b'{"batch": [1, NaN], "x": "]}\\"]"}'))
    assert "no JSON" in row.reason


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"batch": ["' + b'\\"' * 2_000_000, id="a text that never ends"),
        pytest.param(b'{"batch": [' + b"[" * 5_000_000, id="brackets that never close"),
        pytest.param(b'{"batch": [' + b"[,{" * 1_600_000, id="brackets and commas"),
        pytest.param(b'{"batch": [' + b'"",' * 1_600_000, id="texts"),
        pytest.param(b'{"batch": [' + b"," * 5_000_000, id="commas"),
        pytest.param(b'{"batch"' * 600_000, id="batches"),
        pytest.param(b'{"batch" ' + b" " * 5_000_000, id="spaces"),
    ],
)
def test_no_body_takes_long_to_refuse(door, body):
    """Forty kilobytes of quotes took eight seconds once, and each doubling four times that."""
    began = time.process_time()
    assert door.post("/v1/batch", body).status_code in (400, 413)
    assert time.process_time() - began < 5


def test_a_source_that_puts_what_varies_into_names_is_stopped(door, monkeypatch):
    monkeypatch.setattr(event_types, "MOST_PER_SOURCE", 3)
    names = [*(f"Report {i} created" for i in range(5)), "Report created"]
    door.batch(*({**TRACK, "event": name} for name in names))
    stored = set(Event.objects.values_list("event_type__name", flat=True))
    assert stored == {"Report 0 created", "Report 1 created", "Report 2 created", "Report created"}
    rows = Rejected.objects.all()
    assert ["different event names" in row.reason for row in rows] == [True, True]
    door.batch({**TRACK, "event": "Report 0 created"})
    assert Event.objects.count() == 5
    assert EventType.objects.filter(name__startswith="Report ").exclude(name="Report created").count() == 3


@pytest.mark.parametrize("properties", [{"a": "\ud800"}, {"a" * 101: 1, ("no", "text"): 1}])
def test_a_message_from_python_that_no_json_can_hold_is_kept_as_far_as_it_goes(source, properties):
    """Doors hand over bytes that are no JSON as they came; a caller of our own may hand over anything."""
    outcome = ingest.record([{**TRACK, "properties": properties}], source=source, now=NOW)
    assert (outcome.stored, outcome.rejected) == (0, 1)
    assert json.loads(Rejected.objects.get().body)["event"] == TRACK["event"]
