"""Django behind the event loop: few work at a time, and who waits keeps nobody from working."""

import asyncio
import threading

import pytest

from core.web.bodies import Crowded
from engagement_site.front import behind
from engagement_site.front.behind import Behind
from engagement_site.front.lanes import Lanes
from tests.front.scopes import scope

PATIENCE = 30  # seconds, on a busy machine


class Held:
    """A WSGI application whose answers wait until they are let go; it knows who is inside."""

    def __init__(self):
        self.go, self.changed = threading.Event(), threading.Condition()
        self.inside, self.most = [], 0

    def __call__(self, environ, start):
        with self.changed:
            self.inside.append(environ["PATH_INFO"])
            self.most = max(self.most, len(self.inside))
            self.changed.notify_all()
        assert self.go.wait(PATIENCE)
        with self.changed:
            self.inside.remove(environ["PATH_INFO"])
        start("200 OK", [])
        return [b"ok"]

    async def has(self, count):
        """Wait until so many are inside."""
        for _ in range(PATIENCE * 100):
            if len(self.inside) == count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{self.inside} are inside")


async def asked(behind, path="/", **more):
    told = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        told.append(message)

    await behind(scope(path, **more), receive, send)
    return told[0]["status"]


def asking(behind, *paths):
    return [asyncio.create_task(asked(behind, path)) for path in paths]


def test_no_more_work_at_the_same_time_than_may(monkeypatch):
    monkeypatch.setattr(behind, "ANSWERED_WITHIN", PATIENCE)
    monkeypatch.setattr(behind, "LONGEST_QUEUE", PATIENCE)
    application = Held()

    async def run():
        tasks = asking(Behind(application, working=2, threads=6), "/1", "/2", "/3", "/4", "/5")
        await application.has(2)
        application.go.set()
        assert await asyncio.gather(*tasks) == [200] * 5

    asyncio.run(run())
    assert application.most == 2


def test_who_waits_steps_aside_for_others_as_long_as_there_are_threads(monkeypatch):
    monkeypatch.setattr(behind, "ANSWERED_WITHIN", 0.01)
    monkeypatch.setattr(behind, "LONGEST_QUEUE", PATIENCE)
    application = Held()

    async def run():
        tasks = asking(Behind(application, working=1, threads=4), "/1", "/2", "/3", "/4", "/5")
        await application.has(4)
        application.go.set()
        assert await asyncio.gather(*tasks) == [200] * 5

    asyncio.run(run())
    assert application.most == 4


def test_whose_turn_does_not_come_is_told_so_and_takes_nobody_elses(monkeypatch):
    monkeypatch.setattr(behind, "ANSWERED_WITHIN", 0.01)
    monkeypatch.setattr(behind, "LONGEST_QUEUE", 0.1)
    application = Held()

    async def run():
        pages = Behind(application, working=1, threads=2)
        tasks = asking(pages, "/1", "/2")
        await application.has(2)
        for _ in range(5):
            with pytest.raises(Crowded):
                await asked(pages, "/3")
        application.go.set()
        assert await asyncio.gather(*tasks) == [200] * 2
        assert await asyncio.gather(*asking(pages, "/1", "/2", "/3")) == [200] * 3

    asyncio.run(run())


def test_one_address_does_not_take_all_threads(monkeypatch):
    monkeypatch.setattr(behind, "ANSWERED_WITHIN", 0.01)
    monkeypatch.setattr(behind, "LONGEST_QUEUE", PATIENCE)
    application = Held()

    async def run():
        pages = Behind(application, working=2, threads=8)
        tasks = asking(pages, *["/export"] * 20)
        await application.has(3)
        tasks += asking(pages, "/page")
        await application.has(4)
        assert "/page" in application.inside
        application.go.set()
        assert await asyncio.gather(*tasks) == [200] * 21
        assert len(pages._lanes) == 0

    asyncio.run(run())


def test_a_request_that_is_given_up_while_it_waits_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(behind, "ANSWERED_WITHIN", 0.01)
    application = Held()

    async def run():
        pages = Behind(application, working=1, threads=1)
        first = asking(pages, "/1")
        await application.has(1)
        later = asking(pages, "/2", "/2", "/2")
        await asyncio.sleep(0.05)
        for task in later:
            task.cancel()
        await asyncio.gather(*later, return_exceptions=True)
        application.go.set()
        assert await asyncio.gather(*first, *asking(pages, "/3")) == [200] * 2
        assert len(pages._lanes) == 0

    asyncio.run(run())


def test_lanes_let_in_so_many_of_each_name():
    async def run():
        lanes = Lanes(2)
        for name in ("a", "a", "b"):
            await lanes.enter(name)
        third = asyncio.create_task(lanes.enter("a"))
        await asyncio.sleep(0)
        assert not third.done()
        lanes.leave("a")
        await third
        for name in ("a", "a", "b"):
            lanes.leave(name)
        assert len(lanes) == 0

    asyncio.run(run())


def test_an_error_of_the_application_is_raised_and_gives_the_thread_back():
    def application(_environ, _start):
        raise RuntimeError("broken")

    async def run():
        pages = Behind(application, working=1, threads=1)
        for _ in range(5):
            with pytest.raises(RuntimeError, match="broken"):
                await asked(pages)
        assert len(pages._lanes) == 0

    asyncio.run(run())
