"""Group commit with a store that is not one: who is stored with whom, who waits, and whom a fault costs something."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError

from core.web.bodies import Crowded
from customers.models import IdentityKind
from events.door import commits
from events.door.commits import Commits, Pace
from events.ingest import Busy
from tests.conftest import NOW


class Parcel(SimpleNamespace):
    def __len__(self):
        return len(self.messages)


def parcel(user, count=1):
    """Return what a request brings: so many messages of one user."""
    message = SimpleNamespace(user_id=user, anonymous_id=None, email=None, company=None)
    return Parcel(messages=[message] * count, refused=[], name=user)


def key(user):
    return IdentityKind.USER.value, user


class Store:
    """Notes what it is given; `answer` raises what the store is to raise, or waits."""

    def __init__(self, answer=None):
        self.calls = []
        self.answer = answer
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, parcels, now, pace):
        names = [one.name for one in parcels]
        self.calls.append((pace.name, names))
        if pace is Pace.TOGETHER:
            await self.open.wait()
        if self.answer:
            await self.answer(names, pace)

    def calls_at(self, pace):
        return [names for name, names in self.calls if name == pace.name]


def busy_until(released):
    """Return what a store does for whom everybody is busy: who waits apart is stored once it is released."""

    async def answer(names, pace):
        if pace is Pace.TOGETHER:
            raise Busy({key(name) for name in names})
        await released.wait()

    return answer


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario(), 30))


async def sent(queue, *names, now=NOW, count=1):
    """Send these while the store is closed, so that all wait; return the tasks."""
    tasks = [asyncio.create_task(queue.commit(parcel(name, count), now)) for name in names]
    await asyncio.sleep(0)
    return tasks


async def outcomes(tasks):
    return [type(one).__name__ if one else None for one in await asyncio.gather(*tasks, return_exceptions=True)]


def test_what_arrives_during_a_commit_goes_into_the_next_in_the_order_it_came():
    async def scenario():
        store = Store()
        queue = Commits(store)
        store.open.clear()
        tasks = await sent(queue, "a")
        await asyncio.sleep(0)
        tasks += await sent(queue, "b", "c", "d")
        store.open.set()
        assert await outcomes(tasks) == [None] * 4
        assert store.calls == [("TOGETHER", ["a"]), ("TOGETHER", ["b", "c", "d"])]

    run(scenario)


def test_a_request_is_answered_when_its_own_transaction_is_committed():
    async def scenario():
        store = Store()
        queue = Commits(store)
        store.open.clear()
        first = await sent(queue, "a")
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
        store = Store()
        queue = Commits(store)
        store.open.clear()
        tasks = await sent(queue, "first")
        await asyncio.sleep(0)
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
        store = Store()
        queue = Commits(store)
        store.open.clear()
        tasks = await sent(queue, "first", now=midnight - timedelta(seconds=2))
        await asyncio.sleep(0)
        tasks += await sent(queue, "before", now=midnight - timedelta(seconds=1))
        tasks += await sent(queue, "after", "later", now=midnight)
        store.open.set()
        await outcomes(tasks)
        assert store.calls_at(Pace.TOGETHER) == [["first"], ["before"], ["after", "later"]]

    run(scenario)


def test_who_is_busy_waits_apart_and_the_others_are_stored():
    async def answer(names, pace):
        if pace is Pace.TOGETHER and "busy" in names:
            raise Busy({key("busy")})

    async def scenario():
        store = Store(answer)
        tasks = await sent(Commits(store), "a", "busy", "b")
        assert await outcomes(tasks) == [None] * 3
        assert store.calls_at(Pace.TOGETHER) == [["a", "busy", "b"], ["a", "b"]]
        assert store.calls_at(Pace.APART) == [["busy"]]

    run(scenario)


def test_who_names_somebody_for_whom_another_waits_holds_up_nobody():
    released = asyncio.Event()

    async def answer(names, pace):
        if pace is Pace.TOGETHER and "busy" in names:
            raise Busy({key("busy")})
        if pace is Pace.APART and not released.is_set():
            await released.wait()

    async def scenario():
        store = Store(answer)
        queue = Commits(store)
        waiting = await sent(queue, "busy")
        await asyncio.sleep(0.01)
        waiting += await sent(queue, "busy", "busy")
        assert await outcomes(await sent(queue, "other")) == [None]
        assert store.calls_at(Pace.TOGETHER) == [["busy"], ["other"]]
        released.set()
        assert await outcomes(waiting) == [None] * 3
        await outcomes(await sent(queue, "busy"))  # is looked at anew
        assert store.calls_at(Pace.TOGETHER)[-1] == ["busy"]

    run(scenario)


def test_a_lock_that_nobody_is_named_for_is_waited_for_by_those_alone_whom_it_concerns():
    released = asyncio.Event()

    async def answer(names, pace):
        if "counted" not in names:
            return
        if pace is not Pace.APART:
            raise Busy(set())
        await released.wait()

    async def scenario():
        store = Store(answer)
        *others, late = await sent(Commits(store), "a", "b", "counted")
        assert await outcomes(others) == [None] * 2
        assert store.calls_at(Pace.ALONE) == [["a"], ["b"], ["counted"]]
        assert not late.done()
        released.set()
        await late

    run(scenario)


def test_somebody_busy_whom_no_request_names_is_no_endless_loop():
    async def answer(_names, pace):
        if pace is Pace.TOGETHER:
            raise Busy({key("somebody else")})

    async def scenario():
        store = Store(answer)
        assert await outcomes(await sent(Commits(store), "a", "b")) == [None] * 2
        assert store.calls == [("TOGETHER", ["a", "b"]), ("ALONE", ["a"]), ("ALONE", ["b"])]

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
        store = Store()
        queue = Commits(store)
        store.open.clear()
        tasks = await sent(queue, "a")
        await asyncio.sleep(0)
        tasks += await sent(queue, "b")
        await asyncio.sleep(0.1)
        assert await outcomes(await sent(queue, "c")) == ["Crowded"]
        store.open.set()
        assert await outcomes(tasks) == [None] * 2
        assert await outcomes(await sent(queue, "d")) == [None]

    run(scenario)


def test_a_client_that_hangs_up_while_its_commit_waits_costs_nobody_anything():
    async def scenario():
        store = Store()
        queue = Commits(store)
        store.open.clear()
        tasks = await sent(queue, "a", "gone", "b")
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.sleep(0)
        store.open.set()
        await tasks[0]
        await tasks[2]
        assert tasks[1].cancelled()
        assert await outcomes(await sent(queue, "c")) == [None]

    run(scenario)


def test_whoever_waits_apart_for_too_long_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(commits, "LONGEST_APART", 0.05)
    released = asyncio.Event()

    async def scenario():
        queue = Commits(Store(busy_until(released)))
        tasks = await sent(queue, "a", "b", "c", "d")
        assert await outcomes(tasks[2:]) == ["Crowded"] * 2
        released.set()
        assert await outcomes(tasks[:2]) == [None] * 2

    run(scenario)


def test_so_many_wait_apart_and_not_more(monkeypatch):
    monkeypatch.setattr(commits, "MOST_APART", 3)
    released = asyncio.Event()

    async def scenario():
        queue = Commits(Store(busy_until(released)))
        tasks = await sent(queue, "a", "b", "c", "d")
        with pytest.raises(Crowded):
            await tasks[3]
        released.set()
        assert await outcomes(tasks[:3]) == [None] * 3

    run(scenario)
