"""The ingestion door as a sender sees it, at NOW."""

import base64
import json

import pytest
import time_machine

from core import days
from events import catalogue, ingest, write_keys
from events.log import resettling
from events.models import Channel, Source
from staff.models import ApiKey
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, everything_is_where_it_belongs, nothing_hangs_in_the_air
from tests.front import Answer, ask


@pytest.fixture
def website(db):
    """A source, in an installation without a scoring model: most of these tests score nothing."""
    days.begin(NOW)
    catalogue.ensure(NOW)
    return Source.objects.create(name="Website", kind=Source.Kind.WRITE_KEY, channel=Channel.WEB, created_at=NOW)


@pytest.fixture
def key(website):
    """A live write key of the source."""
    return write_keys.create(website.name, [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=NOW)


@pytest.fixture
def at_now():
    """Let the clock of the door stand at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def door(key, at_now):
    return Door(key)


@pytest.fixture
def send(website):
    """Record messages at NOW, and settle what moved as a worker would; in the end, counts are those of the log."""

    def send(*messages, now=NOW, **options):
        outcome = ingest.record(messages, source=website, now=now, **options)
        resettling.settle_all(now=now)
        return outcome

    yield send
    counts_are_those_of_the_log()
    everything_is_where_it_belongs()
    nothing_hangs_in_the_air()


class Door:
    """Posts as SDKs do: Basic authorization with the key as user name, no password; any path, any bytes."""

    def __init__(self, key: str | None) -> None:
        self.key = key

    def post(self, path: str, body: object, content_type: str = "application/json", **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if self.key:
            headers.setdefault("Authorization", basic(self.key))
        return ask("POST", path, raw, **{"Content-Type": content_type, **headers})

    def batch(self, *messages: object) -> Answer:
        return self.post("/v1/batch", {"batch": list(messages)})


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()
