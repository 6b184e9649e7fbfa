"""Group commit with a store that is not one: who is stored with whom, when each is answered, and what errors cost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError

from events.door import commits
from events.door.commits import Commits, Pace
from tests.events.stores import Store, held, outcomes, run, sent


def test_what_arrives_during_a_commit_goes_into_the_next_in_the_order_it_came():
    async def scenario():
        store, queue, tasks = await held("a")
        tasks += await sent(queue, "b", "c", "d")
        store.open.set()
        assert await outcomes(tasks) == [None] * 4
        assert store.calls == [("TOGETHER", ["a"]), ("TOGETHER", ["b", "c", "d"])]

    run(scenario)


def test_a_request_is_answered_when_its_own_transaction_is_committed():
    async def scenario():
        store, queue, first = await held("a")
        await asyncio.sleep(0.01)
        assert not first[0].done()
        store.open.set()
        await first[0]
        store.open.clear()
        second = await sent(queue, "b")
        await asyncio.sleep(0.01)
        assert not second[0].done()
        store.open.set()
        await second[0]

    run(scenario)


def test_a_transaction_has_a_thousand_messages_at_most_unless_one_request_brings_more():
    async def scenario():
        store, queue, tasks = await held("first")
        tasks += await sent(queue, "a", "b", "c", count=400)
        tasks += await sent(queue, "large", count=2_000)
        tasks += await sent(queue, "d", "e", count=500)
        tasks += await sent(queue, "f")
        store.open.set()
        assert await outcomes(tasks) == [None] * 8
        assert store.calls_at(Pace.TOGETHER) == [["first"], ["a", "b"], ["c"], ["large"], ["d", "e"], ["f"]]

    run(scenario)


def test_a_transaction_holds_one_day_alone():
    midnight = datetime(2026, 6, 15, tzinfo=UTC)

    async def scenario():
        store, queue, tasks = await held("first", now=midnight - timedelta(seconds=2))
        tasks += await sent(queue, "before", now=midnight - timedelta(seconds=1))
        tasks += await sent(queue, "after", "later", now=midnight)
        store.open.set()
        await outcomes(tasks)
        assert store.calls_at(Pace.TOGETHER) == [["first"], ["before"], ["after", "later"]]

    run(scenario)


@pytest.mark.parametrize("error", [ValueError, KeyError, DataError])
def test_a_fault_of_ours_costs_its_own_request_alone(error):
    async def answer(names, _pace):
        if "bad" in names:
            raise error("boom")

    async def scenario():
        tasks = await sent(Commits(Store(answer)), "a", "bad", "b")
        assert await outcomes(tasks) == [None, error.__name__, None]

    run(scenario)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
def test_a_database_that_can_store_nothing_is_asked_once(error):
    async def answer(_names, _pace):
        raise error("gone")

    async def scenario():
        store = Store(answer)
        assert await outcomes(await sent(Commits(store), "a", "b", "c")) == [error.__name__] * 3
        assert len(store.calls) == 1

    run(scenario)


def test_after_an_error_the_queue_goes_on():
    async def answer(names, _pace):
        if "bad" in names:
            raise OperationalError("gone")

    async def scenario():
        queue = Commits(Store(answer))
        assert await outcomes(await sent(queue, "bad")) == ["OperationalError"]
        assert await outcomes(await sent(queue, "a")) == [None]

    run(scenario)


def test_more_than_a_second_of_queue_turns_others_away(monkeypatch):
    monkeypatch.setattr(commits, "LONGEST_QUEUE", 0.05)

    async def scenario():
        store, queue, tasks = await held("a")
        tasks += await sent(queue, "b")
        await asyncio.sleep(0.1)
        assert await outcomes(await sent(queue, "c")) == ["Crowded"]
        store.open.set()
        assert await outcomes(tasks) == [None] * 2
        assert await outcomes(await sent(queue, "d")) == [None]

    run(scenario)


def test_a_client_that_hangs_up_while_its_commit_waits_costs_nobody_anything():
    async def scenario():
        store, queue, tasks = await held("a", "gone", "b")
        tasks[1].cancel()
        await asyncio.sleep(0)
        store.open.set()
        await tasks[0]
        await tasks[2]
        assert tasks[1].cancelled()
        assert await outcomes(await sent(queue, "c")) == [None]

    run(scenario)
