"""Bodies of requests and answers: deadlines, bounds, and a budget that is whole again whatever happened."""

import asyncio

import pytest

from core.web import bodies
from core.web.bodies import Budget, Crowded, Gone, Patience, TooLarge, TooSlow

FOR_EVER = Patience(grace=600, rate=1, total=600)
NOT_AT_ALL = Patience(grace=0, rate=10**9, total=0)


def receiving(*pieces):
    """Return a `receive` that gives the pieces: None hangs up, ... never comes."""
    left = list(pieces)

    async def receive():
        piece = left.pop(0)
        if piece is ...:
            await asyncio.Event().wait()
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    return receive


def test_a_body_may_take_its_grace_and_longer_at_the_least_rate_but_never_longer_than_in_all():
    patience = Patience(grace=8, rate=1_000, total=60)
    assert patience.left(100, 0) == 108
    assert patience.left(100, 5_000) == 113
    assert patience.left(100, 1_000_000) == 160


@pytest.mark.parametrize(
    ("pieces", "most", "patience", "outcome"),
    [
        ([b"ab", b"", b"cde"], 5, FOR_EVER, b"abcde"),
        ([b"abcde"], 5, FOR_EVER, b"abcde"),
        ([b""], 5, FOR_EVER, b""),
        ([b"ab", b"cdef"], 5, FOR_EVER, TooLarge),
        ([b"ab", None], 5, FOR_EVER, Gone),
        ([None], 5, FOR_EVER, Gone),
        ([b"ab", ...], 5, NOT_AT_ALL, TooSlow),
        ([...], 5, NOT_AT_ALL, TooSlow),
        ([b"abc", b"defghijk"], 20, FOR_EVER, Crowded),
    ],
)
def test_a_budget_is_whole_again_after_whatever_came(pieces, most, patience, outcome):
    budget = Budget(10)

    async def read():
        raw = await bodies.read(receiving(*pieces), most=most, patience=patience, budget=budget)
        assert budget.left == 10 - len(raw)
        budget.give_back(len(raw))
        return raw

    if isinstance(outcome, bytes):
        assert asyncio.run(read()) == outcome
    else:
        with pytest.raises(outcome):
            asyncio.run(read())
    assert budget.left == 10


def test_a_budget_is_whole_again_after_a_request_that_was_given_up():
    budget = Budget(10)

    async def give_up():
        read = bodies.read(receiving(b"abc", ...), most=5, patience=FOR_EVER, budget=budget)
        reading = asyncio.create_task(read)
        while budget.left == 10:
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    asyncio.run(give_up())
    assert budget.left == 10


def test_a_body_that_keeps_the_least_rate_is_read_though_it_takes_longer_than_the_grace():
    async def receive():
        await asyncio.sleep(0.02)
        sent.append(b"x" * 1_000_000)
        return {"type": "http.request", "body": sent[-1], "more_body": len(sent) < 5}

    sent = []
    patience = Patience(grace=0.05, rate=1_000, total=60)  # after the first piece, 1,000 seconds more
    raw = asyncio.run(bodies.read(receive, most=10**7, patience=patience, budget=Budget(10**7)))
    assert len(raw) == 5_000_000


@pytest.mark.parametrize(
    ("pieces", "ended"),
    [([b"abc", b"de"], True), ([b"abc", b"def"], False), ([b"a", None], False), ([b""], True)],
)
def test_what_is_dropped_tells_whether_it_ended(pieces, ended):
    assert asyncio.run(bodies.discard(receiving(*pieces), most=5, patience=FOR_EVER)) is ended


def test_what_is_dropped_is_not_waited_for_for_ever():
    assert asyncio.run(bodies.discard(receiving(b"a", ...), most=5, patience=NOT_AT_ALL)) is False


def test_the_end_of_a_body_is_told_again():
    async def read_twice():
        receive = bodies.ending(receiving(b"ab", b"c", ...))
        assert [(await receive())["body"] for _ in range(2)] == [b"ab", b"c"]

    async def read_on():
        receive = bodies.ending(receiving(b"abc"))
        return [await receive() for _ in range(3)]

    asyncio.run(read_twice())
    end = {"type": "http.request", "body": b"", "more_body": False}
    assert asyncio.run(read_on()) == [{**end, "body": b"abc"}, end, end]


def test_an_answer_is_streamed_to_its_end():
    told = []

    async def send(message):
        told.append(message)

    asyncio.run(bodies.stream(send, [b"ab", b"cd"], each=600, total=600))
    assert [message["body"] for message in told] == [b"ab", b"cd", b""]
    assert [message.get("more_body", False) for message in told] == [True, True, False]


@pytest.mark.parametrize(("each", "total"), [(0, 600), (600, 0)])
def test_who_does_not_read_is_given_up(each, total):
    async def send(_message):
        await asyncio.Event().wait()

    with pytest.raises(TooSlow):
        asyncio.run(bodies.stream(send, [b"ab"], each=each, total=total))
