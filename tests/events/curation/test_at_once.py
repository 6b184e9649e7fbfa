"""Eight senders, a worker who settles and two colleagues who merge, move and undo, all at once: nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Event as Flag

import pytest
from django.db import connection

from customers.curation import Refused, merges, moves, undoing
from events import ingest
from events.log import resettling
from events.models import DailyCount, Event, Rejected
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, everything_is_where_it_belongs, nothing_hangs_in_the_air
from tests.events.people import company, user
from tests.events.test_concurrency import COMPANIES, EVENTS, MESSAGES, PEOPLE

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS = 8
COLLEAGUES = 2
ACTS = 25  # of each colleague at most; fewer where the senders are done before


def test_calls_wait_for_colleagues_and_colleagues_for_calls_in_one_order(website):
    _record(website, "first", MESSAGES, 30)
    resettling.settle_all(now=NOW)
    people, companies = _people(), _companies()
    done, acts = Flag(), []
    with ThreadPoolExecutor(SENDERS + COLLEAGUES + 1) as threads:
        beside = [threads.submit(_settle, done)]
        beside += [threads.submit(_put_right, Random(seed), done, acts) for seed in range(COLLEAGUES)]
        sending = [threads.submit(_send, website, seed) for seed in range(SENDERS)]
        failures = [one.exception() for one in sending]
        done.set()
        failures += [one.exception() for one in beside]
    assert failures == [None] * (SENDERS + COLLEAGUES + 1)
    assert len({act.kind for act in acts}) == 2
    _is_well()
    for act in reversed(acts):
        act.refresh_from_db()
        if not undoing.refusal(act):
            undoing.undo(act, now=NOW, by=None)
    _is_well()
    assert (_people(), _companies()) == (people, companies)
    for i in range(PEOPLE):
        assert user(f"u{i}").customer == company(f"c{(i + 1) % COMPANIES}")


def _people():
    return [user(f"u{i}").pk for i in range(PEOPLE)]


def _companies():
    return [company(f"c{i}").pk for i in range(COMPANIES)]


def _is_well():
    resettling.settle_all(now=NOW)
    assert not Rejected.objects.exists()
    events = (SENDERS + 1) * len(EVENTS)
    assert Event.objects.live().count() == sum(DailyCount.objects.values_list("count", flat=True)) == events
    counts_are_those_of_the_log()
    everything_is_where_it_belongs()
    nothing_hangs_in_the_air()


def _record(website, mark, messages, size):
    named = [{**message, "messageId": f"{mark} {message['messageId']}"} for message in messages]
    for start in range(0, len(named), size):
        ingest.record(named[start : start + size], source=website, now=NOW)


def _send(website, seed):
    """Send everything once more, in an order and in batches of its own."""
    chance = Random(seed)
    try:
        _record(website, seed, chance.sample(MESSAGES, len(MESSAGES)), chance.choice([3, 7, 17, 40]))
    finally:
        connection.close()


def _settle(done):
    try:
        while not done.is_set():
            resettling.settle(now=NOW, limit=20)
    finally:
        connection.close()


def _put_right(chance, done, acts):
    """Merge, move and undo, whatever can be, until the senders are done."""
    try:
        for _ in range(ACTS):
            if done.is_set():
                return
            try:
                _act(chance, acts)
            except Refused:
                continue
    finally:
        connection.close()


def _act(chance, acts):
    drawn = chance.random()
    if drawn < 0.3:
        kept, gone = (company(f"c{i}") for i in chance.sample(range(COMPANIES), 2))
        acts.append(merges.customers(kept, gone, wins=(), now=NOW, by=None))
    elif drawn < 0.5:
        kept, gone = (user(f"u{i}") for i in chance.sample(range(PEOPLE), 2))
        acts.append(merges.contacts(kept, gone, wins=(), now=NOW, by=None))
    elif drawn < 0.7:
        who, where = user(f"u{chance.randrange(PEOPLE)}"), company(f"c{chance.randrange(COMPANIES)}")
        since = NOW - timedelta(days=chance.randrange(9), minutes=len(acts))
        acts.append(moves.contact(who, where, since=since, now=NOW, by=None))
    elif acts:
        undoing.undo(chance.choice(acts), now=NOW, by=None)
