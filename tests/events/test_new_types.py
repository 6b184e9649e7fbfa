"""A new event type's channel: the one its first event names, where it is one of ours; else the source's."""

import pytest

from events import event_types, ingest
from events.models import EventType, Source
from tests.conftest import NOW


@pytest.fixture
def source(begun):
    return Source.objects.create(name="Product", kind=Source.Kind.WRITE_KEY, channel="product", created_at=NOW)


def track(n, event, **properties):
    return {"type": "track", "event": event, "userId": "ann", "messageId": f"m{n}", "properties": properties}


def channel_of(name):
    return EventType.objects.get(name=name).channel


@pytest.mark.parametrize(
    ("named", "channel"),
    [
        ("social", "social"),
        (" In-Person ", "in-person"),
        ("pigeon", "product"),
        ("", "product"),
        (None, "product"),
        (7, "product"),
        (["web"], "product"),
        ({"web": 1}, "product"),
    ],
)
def test_the_first_event_names_the_channel_of_its_type(source, named, channel):
    ingest.record([track(1, "Booth visited", channel=named)], source=source, now=NOW)
    assert channel_of("Booth visited") == channel


def test_of_several_the_first_decides_and_each_name_for_itself(source):
    batch = [track(1, "A", channel="web"), track(2, "A", channel="email"), track(3, "B"), track(4, "B", channel="web")]
    ingest.record(batch, source=source, now=NOW)
    assert (channel_of("A"), channel_of("B")) == ("web", "product")


def test_a_type_that_is_there_keeps_its_channel(source):
    ingest.record([track(1, "Dance", channel="web"), track(2, "Meeting held", channel="web")], source=source, now=NOW)
    ingest.record([track(3, "Dance", channel="email")], source=source, now=NOW)
    assert (channel_of("Dance"), channel_of("Meeting held")) == ("web", "in-person")


def test_nothing_is_read_of_properties_when_no_name_is_new(source, monkeypatch):
    ingest.record([track(1, "Dance", channel="web")], source=source, now=NOW)
    monkeypatch.setattr(event_types, "channel_named", lambda _properties: pytest.fail("the hot path pays for it"))
    ingest.record([track(2, "Dance", channel="email")], source=source, now=NOW)
