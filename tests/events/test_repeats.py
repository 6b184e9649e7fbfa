"""A message id is stored once, whatever else is sent under it; what was rejected can be sent again, or tried again."""

import json
from datetime import timedelta

import pytest

from events import event_types
from events.models import DailyCount, Event, EventType, Rejected, Seen
from events.replay import replay
from tests.conftest import NOW
from tests.events.people import at, group, identify, track, user

LATER = NOW + timedelta(days=3)
ONE = {**track(2, userId="ann"), "messageId": "m1"}


def test_a_repeat_changes_nothing(send):
    assert send(ONE).stored == 1
    for _ in range(3):
        outcome = send(ONE)
        assert (outcome.stored, outcome.duplicates) == (0, 1)
    assert Event.objects.count() == DailyCount.objects.get().count == 1


def test_a_repeat_with_another_time_changes_nothing(send):
    send(ONE)
    send({**ONE, "timestamp": at(1)}, now=LATER)
    send({**ONE, "timestamp": at(40)})
    send({**ONE, "event": "Signed in", "userId": "bob"})
    assert Event.objects.get().occurred_at == NOW - timedelta(days=2)


def test_a_repeat_in_the_same_batch_is_stored_once_and_the_first_counts(send):
    outcome = send(ONE, {**ONE, "event": "Signed in"}, ONE)
    assert (outcome.stored, outcome.duplicates) == (1, 2)
    assert Event.objects.get().event_type.name == "Report created"


def test_messages_without_an_id_are_each_their_own(send):
    send(track(userId="ann"), track(userId="ann"), {**track(userId="ann"), "messageId": ""})
    assert Event.objects.count() == 3


def test_numbers_and_texts_are_the_same_id(send):
    send({**ONE, "messageId": 7}, {**ONE, "messageId": "7"}, {**ONE, "messageId": " 7 "})
    assert Event.objects.count() == 1


def test_a_repeated_call_about_people_changes_nothing_either(send):
    send(
        {**group("acme", 3, userId="ann"), "messageId": "g1"},
        {**identify(3, userId="ann", traits={"a": 1}), "messageId": "i1"},
    )
    send(
        {**group("birch", 1, userId="ann"), "messageId": "g1"},
        {**identify(1, userId="ann", traits={"a": 2}), "messageId": "i1"},
    )
    assert (user("ann").customer.name, user("ann").traits) == ("acme", {"a": 1})


def test_what_was_rejected_has_not_been_seen(send):
    send({**ONE, "event": None})
    assert (Rejected.objects.count(), Seen.objects.count()) == (1, 0)
    assert send(ONE).stored == 1


def test_a_rejected_message_can_be_tried_again_when_its_reason_is_gone(send, monkeypatch):
    monkeypatch.setattr(event_types, "MOST_PER_SOURCE", 0)
    send(track(2, "Something new", userId="ann"), {"type": "track", "event": "Something new", "userId": "ann"})
    monkeypatch.undo()
    for row in Rejected.objects.all():
        assert replay(row, now=LATER) == ""
        assert replay(row, now=LATER) == ""
    rows = Event.objects.order_by("id").values_list("occurred_at", "received_at", "known_on")
    later = LATER.date()
    assert set(rows) == {(NOW - timedelta(days=2), NOW, later), (NOW, NOW, later)}
    assert set(Rejected.objects.values_list("replayed_at", flat=True)) == {LATER}
    assert EventType.objects.filter(name="Something new").exists()


def test_what_fails_again_stays_as_it_is_and_says_why(send):
    send({**ONE, "event": None}, b'{"value": NaN}')
    reasons = {replay(row, now=LATER) for row in Rejected.objects.all()}
    assert any("needs an event name" in reason for reason in reasons)
    assert any("It is no JSON" in reason for reason in reasons)
    assert Rejected.objects.filter(replayed_at=None).count() == 2


def test_a_devices_clock_is_not_corrected_by_the_days_a_message_lay_here(send, monkeypatch):
    """Sent by a browser whose clock was right, a minute ago; tried again three days later."""
    monkeypatch.setattr(event_types, "MOST_PER_SOURCE", 0)
    message = track(1, "Something new", userId="ann", sentAt=at(0), context={"library": {"name": "analytics.js"}})
    send(message)
    monkeypatch.undo()
    assert replay(Rejected.objects.get(), now=LATER) == ""
    event = Event.objects.get()
    assert (event.occurred_at, event.flags) == (NOW - timedelta(days=1), 0)


def test_a_devices_clock_is_corrected_as_the_batch_said_when_its_message_is_tried_again(send, monkeypatch):
    """Sent by a browser whose clock was an hour slow; only the batch said when."""
    monkeypatch.setattr(event_types, "MOST_PER_SOURCE", 0)
    message = track(1, "Something new", userId="ann", context={"library": {"name": "analytics.js"}})
    alias = {"type": "alias", "userId": "ann"}  # without the other id, which cannot be stored
    hour = timedelta(hours=1)
    send(message, alias, {**alias, "sentAt": at(3)}, 7, envelope={"sentAt": (NOW - hour).isoformat()})
    monkeypatch.undo()
    assert [replay(row, now=LATER) == "" for row in Rejected.objects.order_by("reason")].count(True) == 1
    assert Event.objects.get().occurred_at == NOW - timedelta(days=1) + hour
    kept = [row for row in map(json.loads, Rejected.objects.values_list("body", flat=True)) if isinstance(row, dict)]
    assert {row["sentAt"] for row in kept} == {at(3), (NOW - hour).isoformat()}


def test_a_message_that_was_sent_again_meanwhile_is_not_counted_twice(send, monkeypatch):
    monkeypatch.setattr(event_types, "MOST_PER_SOURCE", 0)
    message = {**track(1, "Something new", userId="ann"), "messageId": "m1"}
    send(message)
    monkeypatch.undo()
    send(message)
    assert replay(Rejected.objects.get(), now=LATER) == ""
    assert Event.objects.count() == 1


@pytest.mark.parametrize("time", [None, ""])
def test_an_empty_time_counts_at_the_first_receipt(send, monkeypatch, time):
    monkeypatch.setattr(event_types, "MOST_PER_SOURCE", 0)
    send({"type": "track", "event": "Something new", "userId": "ann", "timestamp": time})
    monkeypatch.undo()
    replay(Rejected.objects.get(), now=LATER)
    assert Event.objects.get().occurred_at == NOW
