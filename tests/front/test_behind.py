"""Django behind the event loop: few work at a time, who waits keeps nobody from working, and bodies stay whole."""

import asyncio
import io
import threading

import pytest

from core.web.bodies import Crowded, Gone, TooLarge, TooSlow
from engagement_site.front import behind
from engagement_site.front.behind import Behind, environ
from engagement_site.front.lanes import Lanes

PATIENCE = 30  # seconds, on a busy machine


def scope(path="/", method="GET", headers=(), **more):
    return {
        "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "http_version": "1.1",
        "scheme": "http", "client": ("127.0.0.1", 1), "server": ("here", 80), "headers": list(headers), **more,
    }  # fmt: skip


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


def run_whole(application, pieces, **more):
    """Return what was sent, and the front, after a request with such a body."""
    pages, told, left = Behind(application, working=1, threads=1), [], list(pieces)

    async def receive():
        piece = left.pop(0) if left else b""
        if piece is None:
            return {"type": "http.disconnect"}
        if piece is ...:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message):
        told.append(message)

    try:
        asyncio.run(pages(scope(method="POST", **more), receive, send))
    finally:
        assert pages._budget.left == behind.MOST_HELD
    return told


def echo(environ, start):
    body = environ["wsgi.input"].read()
    assert environ["CONTENT_LENGTH"] == str(len(body))
    start("200 OK", [("Content-Type", "text/plain")])
    yield from (body[i : i + 70_000] for i in range(0, len(body), 70_000))


@pytest.mark.parametrize("size", [0, 1, behind.IN_MEMORY, behind.IN_MEMORY + 1, 3_000_000])
def test_bodies_reach_the_application_and_the_client_whole(size):
    body = bytes(i % 251 for i in range(size))
    told = run_whole(echo, [body[: size // 3], b"", body[size // 3 :]])
    assert b"".join(message.get("body", b"") for message in told) == body
    assert (b"content-length", str(size).encode()) in told[0]["headers"]
    assert told[-1].get("more_body", False) is False


def test_a_length_the_application_tells_is_kept_and_an_answer_without_a_body_gets_none():
    def told_by(status, *headers):
        def application(_environ, start):
            start(status, list(headers))
            return []

        return run_whole(application, [b""])[0]["headers"]

    assert told_by("200 OK", ("Content-Length", "0")) == [(b"content-length", b"0")]
    assert told_by("304 Not Modified") == told_by("204 No Content") == []
    assert told_by("302 Found", ("Location", "/é")) == [
        (b"location", "/é".encode("latin-1")),
        (b"content-length", b"0"),
    ]


@pytest.mark.parametrize(
    ("pieces", "error"), [([b"ab", None], Gone), ([b"ab", ...], TooSlow), ([b"ab", b"c" * 9], TooLarge)]
)
def test_a_body_that_does_not_arrive_never_reaches_the_application(monkeypatch, pieces, error):
    monkeypatch.setattr(behind, "MOST_BODY", 10)
    monkeypatch.setattr(behind, "UPLOADS", behind.Patience(grace=0.05, rate=10**9, total=0.05))
    reached = []
    with pytest.raises(error):
        run_whole(lambda environ, start: reached.append(environ), pieces)
    assert not reached


def test_more_bodies_than_can_be_held_are_refused(monkeypatch):
    monkeypatch.setattr(behind, "MOST_HELD", 10)
    with pytest.raises(Crowded):
        run_whole(echo, [b"x" * 11])


def test_what_the_application_opened_is_closed_also_after_an_error():
    closed = []

    class Blocks:
        def __iter__(self):
            yield b"a"
            raise RuntimeError("broken")

        def close(self):
            closed.append(True)

    def application(_environ, start):
        start("200 OK", [])
        return Blocks()

    with pytest.raises(RuntimeError, match="broken"):
        run_whole(application, [b""])
    assert closed == [True]


def made(headers, **more):
    return environ(scope(headers=headers, **more), io.BytesIO(), 7)


def test_headers_come_as_wsgi_has_them():
    said = made([(b"x-one", b"1"), (b"content-type", b"a/b"), (b"accept", b"a"), (b"accept", b"b")])
    assert (said["HTTP_X_ONE"], said["CONTENT_TYPE"], said["HTTP_ACCEPT"]) == ("1", "a/b", "a,b")


def test_cookies_given_twice_are_one_list_of_cookies():
    assert made([(b"cookie", b"a=1"), (b"cookie", b"b=2")])["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize("name", [b"x_forwarded_for", b"x-forwarded_proto", b"content_length", b"remote_addr"])
def test_a_name_with_an_underscore_is_dropped(name):
    said = made([(name, b"9")])
    assert set(said) == set(made([]))
    assert "9" not in said.values()


def test_the_length_is_that_of_what_arrived():
    said = made([(b"content-length", b"999"), (b"transfer-encoding", b"chunked")])
    assert said["CONTENT_LENGTH"] == "7"
    assert "HTTP_CONTENT_LENGTH" not in said
    assert "HTTP_TRANSFER_ENCODING" not in said


@pytest.mark.parametrize(
    ("raw", "path"), [(b"/a%20b", "/a b"), (b"/%ff", "/\xff"), (b"/%00", "/\0"), (b"/%", "/%"), (b"/%C3%A9", "/Ã©")]
)
def test_the_path_is_what_its_bytes_say(raw, path):
    assert environ(scope(raw_path=raw), io.BytesIO(), 0)["PATH_INFO"] == path
