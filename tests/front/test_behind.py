"""Django behind the event loop: bodies stay whole, both ways, or never reach it."""

import asyncio

import pytest

from core.web.bodies import Crowded, Gone, TooLarge, TooSlow
from engagement_site.front import behind
from engagement_site.front.behind import Behind
from tests.front.scopes import scope


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
