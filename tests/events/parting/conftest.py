import pytest

from events import ingest
from events.log import resettling
from events.models import Source
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, everything_is_where_it_belongs, nothing_hangs_in_the_air


@pytest.fixture
def shop(begun):
    """A source from before there were wrong ids: whatever it sends is an id."""
    made = Source.objects.create(name="Shop", kind=Source.Kind.WRITE_KEY, channel="web", created_at=NOW)
    made.wrong_ids = frozenset()
    return made


@pytest.fixture
def send(shop):
    """Record messages, and settle what moved as a worker would; in the end, all is where it belongs."""

    def send(*messages, now=NOW, **options):
        outcome = ingest.record(messages, source=shop, now=now, **options)
        resettling.settle_all(now=now)
        return outcome

    yield send
    resettling.settle_all(now=NOW)
    counts_are_those_of_the_log()
    everything_is_where_it_belongs()
    nothing_hangs_in_the_air()
