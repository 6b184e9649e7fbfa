"""Group commit with a store that is not one: whom somebody else has locked waits apart, and holds up nobody."""

import asyncio

import pytest

from core.web.bodies import Crowded
from events.door import commits
from events.door.commits import Commits, Pace
from events.ingest import Busy
from tests.events.stores import Store, key, outcomes, run, sent


def busy_until(released):
    """Return what a store does for whom everybody is busy: who waits apart is stored once it is released."""

    async def answer(names, pace):
        if pace is Pace.TOGETHER:
            raise Busy({key(name) for name in names})
        await released.wait()

    return answer


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
