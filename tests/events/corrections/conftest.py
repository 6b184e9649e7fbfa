import pytest

from events import ingest
from events.log import resettling
from events.models import EventType, Source
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, nothing_hangs_in_the_air
from tests.events.corrections.steps import did, person
from tests.events.people import company


@pytest.fixture
def send(source):
    """Record messages, and settle what moved as a worker would; in the end, counts are those of the log."""

    def send(*messages, now=NOW, of=source, **options):
        outcome = ingest.record(messages, source=of, now=now, **options)
        resettling.settle_all(now=now)
        return outcome

    yield send
    resettling.settle_all(now=NOW)
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()


@pytest.fixture
def shop(begun):
    """A second source."""
    return Source.objects.create(name="Shop", kind=Source.Kind.WRITE_KEY, channel="purchase", created_at=NOW)


@pytest.fixture
def kind(begun):
    """Look an event type up by its name."""
    return lambda name: EventType.objects.get(name=name)


@pytest.fixture
def acme(send, shop):
    """Acme and its twin report and meet; the shop has sent orders of Acme's that are wrong."""
    send(*(person(name) for name in ("acme", "twin")))
    for name in ("acme", "twin"):
        send(did(name, 3), did(name, 1), did(name, 2, "Meeting held"))
    send(*(did("acme", days, "Order completed", value=10 * days) for days in (1, 2, 5)), of=shop)
    return company("acme")
