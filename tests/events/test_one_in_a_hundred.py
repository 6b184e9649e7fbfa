"""One bad message in each position of a hundred: the 99 are stored, in one request as in a hundred that share a commit.

What the checks refuse, and what only the database would.
"""

import asyncio
import json
from dataclasses import replace
from itertools import cycle

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from events import ingest
from events.door.commits import Commits
from events.models import Event, Rejected
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, nothing_hangs_in_the_air

HUNDRED = 100
TOO_LONG = "u" * 300  # passes as an id once the check is away: the column has 200
BAD = (
    b'{"type": "track", "userId": {}, "event": "Report created"}',
    b'{"type": "track", "userId": "ann", "event": "Report created", "properties": {"a": NaN}}',
    b'{"type": "explode", "userId": "ann"}',
    b"null",
    b'{"type": "track", "userId": "ann", "event": "Report created", "timestamp": "yesterday"}',
    b'{"type": "track", "userId": "' + TOO_LONG.encode() + b'", "event": "Report created"}',
)


def good(round_, i):
    return {"type": "track", "userId": f"u{i % 7}", "event": "Report created", "messageId": f"{round_}-{i}"}


def test_in_one_request(door):
    for position, bad in zip(range(HUNDRED), cycle(BAD), strict=False):
        parts = [json.dumps(good(position, i)).encode() for i in range(HUNDRED)]
        parts[position] = bad
        answer = door.post("/v1/batch", b'{"batch": [' + b",".join(parts) + b"]}")
        assert (answer.status_code, answer.content) == (200, b'{"success": true}')
        assert Event.objects.count() == (position + 1) * (HUNDRED - 1), position
    assert sum(Rejected.objects.values_list("count", flat=True)) == HUNDRED
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()


@pytest.fixture
def groups(website):
    """The sizes of the transactions, and a queue that stores in them on the test's own connection."""
    sizes = []

    @sync_to_async(thread_sensitive=True)
    def store(parcels, now, pace):
        sizes.append(len(parcels))
        ingest.store(parcels, now=now, patience=pace.seconds, skip_busy=pace.skips_busy)

    return sizes, store


@async_to_sync
async def all_at_once(store, parcels):
    queue = Commits(store)
    return await asyncio.gather(*(queue.commit(parcel, NOW) for parcel in parcels), return_exceptions=True)


def test_when_a_hundred_requests_share_a_transaction(website, groups):
    sizes, store = groups
    for position in range(HUNDRED):
        parcels = [
            ingest.read([good(position, i)], source=website, received_at=NOW, envelope={}) for i in range(HUNDRED)
        ]
        parcels[position].messages = [replace(parcels[position].messages[0], user_id=TOO_LONG)]
        assert all_at_once(store, parcels) == [None] * HUNDRED
        assert Event.objects.count() == (position + 1) * (HUNDRED - 1), position
        assert Rejected.objects.filter(reason__startswith="The database refused it").count() == position + 1
    assert sizes == [HUNDRED] * HUNDRED
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()


def test_a_fault_of_ours_in_a_shared_transaction_costs_its_own_request_alone(website, groups):
    sizes, store = groups
    for position in (0, 1, 50, 98, 99):
        parcels = [
            ingest.read([good(position, i)], source=website, received_at=NOW, envelope={}) for i in range(HUNDRED)
        ]
        parcels[position].messages = [replace(parcels[position].messages[0], event_name=7)]
        outcomes = all_at_once(store, parcels)
        assert outcomes[position] is not None
        assert [outcome for i, outcome in enumerate(outcomes) if i != position] == [None] * (HUNDRED - 1)
    assert Event.objects.count() == 5 * (HUNDRED - 1)
    assert sizes.count(HUNDRED) == 5
    counts_are_those_of_the_log()
