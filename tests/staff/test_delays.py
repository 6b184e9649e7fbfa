"""How long to wait, by numbers a reader can redo."""

from datetime import UTC, datetime, timedelta

import pytest

from staff.signing_in.delays import ACCOUNT, NETWORK, PAIR, Delay

AT = datetime(2026, 6, 15, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DELAY = Delay(free=5, longest=5 * MINUTE, forgotten=10 * MINUTE)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (12, 128), (13, 256), (14, 300), (10**9, 300)]
)
def test_after_the_free_ones_the_pause_doubles_up_to_the_longest(failures, seconds):
    assert DELAY.pause(failures) == seconds * SECOND


def test_what_is_left_of_the_pause_is_waited_for():
    assert DELAY.wait(7, AT, AT) == 4 * SECOND
    assert DELAY.wait(7, AT, AT + 3 * SECOND) == SECOND
    assert DELAY.wait(7, AT, AT + 4 * SECOND) == timedelta()
    assert DELAY.wait(4, AT, AT) == timedelta()


def test_time_forgives_one_failure_after_the_other():
    assert [DELAY.standing(7, AT, AT + minutes * MINUTE) for minutes in (0, 9, 10, 25, 70, 999)] == [7, 7, 6, 5, 0, 0]


def test_a_clock_set_back_forgives_nothing_and_takes_nothing():
    assert DELAY.standing(7, AT, AT - 99 * MINUTE) == 7


def test_what_strangers_can_fill_is_looser_than_what_one_fills_alone():
    assert PAIR.free < NETWORK.free < ACCOUNT.free
    assert ACCOUNT.longest <= PAIR.longest
