"""Whatever JSON, or nearly JSON, stands in whichever field: the door answers 200, 400, 401 or 413."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from events.models import Event
from tests.events.checks import counts_are_those_of_the_log
from tests.events.test_door import TRACK

NAMES = [
    "type", "event", "name", "category", "userId", "anonymousId", "groupId", "previousId", "messageId", "timestamp",
    "originalTimestamp", "sentAt", "properties", "traits", "context", "integrations", "channel", "writeKey", "batch",
    "value", "revenue", "total", "currency", "library", "email", "address", "country", "plan", "firstName",
]  # fmt: skip
WORDS = [
    "track", "page", "screen", "identify", "group", "alias", "ann", "acme", "Report created", "USD", "12.5", "1e400",
    "NaN", "2026-06-15T12:00:00Z", "0001-01-01", "9999-12-31T23:59:59.999999-23:59", "2026-W01", "analytics.js",
    "", " ", "\0", "\ud800", "\u202e", "\ufffd", "x" * 201, "{}",
]  # fmt: skip
NUMBERS = [0, -1, 2**53 + 1, -(2**63), 2**64, 10**400, 0.1, -0.0, 1e308, float("nan"), float("-inf")]
KEYS = st.sampled_from(NAMES) | st.text(max_size=4)
PLAIN = st.none() | st.booleans() | st.sampled_from(WORDS) | st.sampled_from(NUMBERS) | st.text(max_size=8)
ANYTHING = st.recursive(
    PLAIN, lambda some: st.lists(some, max_size=3) | st.dictionaries(KEYS, some, max_size=3), max_leaves=6
)
MESSAGES = st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=8).map(lambda said: {**TRACK, **said})
BODIES = st.fixed_dictionaries(
    {"batch": st.lists(MESSAGES | ANYTHING, max_size=4) | ANYTHING},
    optional=dict.fromkeys(("sentAt", "writeKey", "type", "context"), ANYTHING),
)
ALLOWED = {200, 400, 401, 413}
MANY = settings.default.max_examples * 2 // 5  # 40 in every run, 400 in `make test-long`: each asks the database


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES, rest=st.binary(max_size=3), has_key=st.booleans())
def test_no_batch_breaks_the_door(door, body, rest, has_key):
    headers = {} if has_key else {"Authorization": "none"}
    raw = json.dumps(body).encode() + rest
    assert door.post("/v1/batch", raw, **headers).status_code in ALLOWED
    counts_are_those_of_the_log()


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=MESSAGES, kind=st.sampled_from(["track", "page", "screen", "identify", "group", "alias"]))
def test_no_message_alone_breaks_the_door(door, message, kind):
    assert door.post(f"/v1/{kind}", message).status_code in ALLOWED
    counts_are_those_of_the_log()


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(bad=st.binary(max_size=12) | st.text('"\\[]{},:0a ', max_size=12).map(str.encode))
@example(bad=b'"')
@example(bad=b"\\")
@example(bad=b"]}")
def test_bytes_between_two_messages_never_break_the_door(door, bad):
    """Bytes that close a bracket too many end the batch: then it is refused whole, or something else was meant."""
    good = json.dumps(TRACK).encode()
    before = Event.objects.count()
    answer = door.post("/v1/batch", b'{"batch": [' + good + b"," + bad + b"," + good + b"]}")
    assert answer.status_code in ALLOWED
    if not set(bad) & set(b'"\\[]{}'):
        assert (answer.status_code, Event.objects.count()) == (200, before + 2)


@pytest.mark.parametrize("place", ["value", "revenue", "total"])
@settings(max_examples=MANY // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(amount=st.floats() | st.integers() | st.text("0123456789.eE+-_ ", max_size=45), currency=PLAIN)
def test_no_value_breaks_the_door(door, place, amount, currency):
    properties = {place: amount, "currency": currency}
    assert door.post("/v1/track", {**TRACK, "properties": properties}).status_code in ALLOWED
    counts_are_those_of_the_log()
