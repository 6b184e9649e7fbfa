"""Writing by halves: the bad item alone is refused, its neighbours are written, in order."""

import pytest

from core.db import halving


def write(items, bad, calls=None):
    def act(part):
        if calls is not None:
            calls.append(list(part))
        if set(part) & set(bad):
            raise ValueError(f"bad: {sorted(set(part) & set(bad))}")
        return list(part)

    return halving.write(items, act, refusals=ValueError, refused=lambda item, error: f"{item}: {error}")


def test_a_batch_that_is_taken_is_written_in_one_call():
    calls = []
    assert write([1, 2, 3], bad=[], calls=calls) == [[1, 2, 3]]
    assert calls == [[1, 2, 3]]


def test_the_one_bad_item_is_refused_alone_in_its_place():
    assert write([1, 2, 3, 4, 5], bad=[4]) == [[1, 2], [3], "4: bad: [4]", [5]]


def test_a_bad_item_of_a_thousand_costs_some_twenty_calls():
    calls = []
    write(list(range(1_024)), bad=[700], calls=calls)
    assert len(calls) == 1 + 2 * 10


def test_all_bad_items_are_refused():
    assert write([1, 2, 3], bad=[1, 2, 3]) == ["1: bad: [1]", "2: bad: [2]", "3: bad: [3]"]


def test_no_items_make_no_call():
    calls = []
    assert write([], bad=[], calls=calls) == [] == calls


def test_an_error_that_is_no_refusal_is_raised_at_once():
    calls = []

    def act(part):
        calls.append(part)
        raise OSError("the server is gone")

    with pytest.raises(OSError, match="gone"):
        halving.write([1, 2], act, refusals=ValueError, refused=lambda item, error: None)
    assert calls == [[1, 2]]
