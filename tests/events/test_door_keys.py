"""Write keys as the door remembers them: for seconds, and longer only while the database makes it wait."""

import asyncio

import pytest
from django.db import OperationalError

from events.door import keys
from events.door.keys import Keys


class Find:
    """The look-up of a source, which counts, and waits while it is held."""

    def __init__(self, **known):
        self.known, self.asked = known, []
        self.go = asyncio.Event()
        self.go.set()
        self.error = None

    async def __call__(self, key):
        self.asked.append(key)
        await self.go.wait()
        if self.error:
            raise self.error
        return self.known.get(key)


@pytest.fixture
def clock(monkeypatch):
    at = [1_000.0]
    monkeypatch.setattr(keys, "_now", lambda: at[0])
    monkeypatch.setattr(keys, "LOOK_UP_SECONDS", 0.01)
    return at


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_a_key_is_looked_up_once_in_its_seconds_right_or_wrong(clock):
    async def scenario():
        find = Find(right="source")
        known = Keys(find, seconds=5)
        for _ in range(3):
            assert await known.source_of("right") == "source"
            assert await known.source_of("wrong") is None
        assert find.asked == ["right", "wrong"]
        clock[0] += 5
        find.known = {}
        assert await known.source_of("right") is None

    run(scenario)


def test_no_key_is_no_question(clock):
    async def scenario():
        find = Find()
        assert await Keys(find).source_of("") is None
        assert await Keys(find).source_of(None) is None
        assert find.asked == []

    run(scenario)


def test_many_at_once_ask_once(clock):
    async def scenario():
        find = Find(right="source")
        find.go.clear()
        known = Keys(find)
        asking = [asyncio.create_task(known.source_of("right")) for _ in range(50)]
        await asyncio.sleep(0)
        asking[0].cancel()  # hung up
        await asyncio.sleep(0)
        find.go.set()
        assert await asyncio.gather(*asking[1:]) == ["source"] * 49
        assert find.asked == ["right"]

    run(scenario)


def test_a_known_key_goes_on_for_a_minute_while_the_database_makes_its_look_up_wait(clock):
    async def scenario():
        find = Find(right="source")
        known = Keys(find, seconds=5)
        assert await known.source_of("right") == "source"
        find.go.clear()
        clock[0] += 6
        assert await known.source_of("right") == "source"
        clock[0] += keys.MOST_STALE
        late = asyncio.create_task(known.source_of("right"))
        await asyncio.sleep(0.05)
        assert not late.done()
        find.known = {}
        find.go.set()
        assert await late is None

    run(scenario)


def test_a_known_key_goes_on_for_a_minute_while_its_look_up_fails(clock):
    async def scenario():
        find = Find(right="source")
        known = Keys(find, seconds=5)
        assert await known.source_of("right") == "source"
        find.error = OperationalError("canceling statement due to lock timeout")
        clock[0] += 6
        assert await known.source_of("right") == "source"
        clock[0] += keys.MOST_STALE
        with pytest.raises(OperationalError):
            await known.source_of("right")

    run(scenario)


def test_an_unknown_key_waits_for_the_answer(clock):
    async def scenario():
        find = Find(right="source")
        find.go.clear()
        asking = asyncio.create_task(Keys(find).source_of("right"))
        await asyncio.sleep(0.05)
        assert not asking.done()
        find.go.set()
        assert await asking == "source"

    run(scenario)


def test_an_error_is_raised_to_all_who_wait_and_forgotten(clock):
    async def scenario():
        find = Find(right="source")
        find.error = OperationalError("gone")
        known = Keys(find)
        asking = [known.source_of("right") for _ in range(3)]
        errors = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(error) for error in errors] == [OperationalError] * 3
        find.error = None
        assert await known.source_of("right") == "source"

    run(scenario)


def test_no_more_keys_are_remembered_than_may(clock, monkeypatch):
    monkeypatch.setattr(keys, "MOST_REMEMBERED", 3)

    async def scenario():
        find = Find()
        known = Keys(find)
        for key in "abcd":
            await known.source_of(key)
        assert len(known._known) == 3
        await known.source_of("d")
        assert find.asked == list("abcd")

    run(scenario)
