"""When it happened, from what the sender says. Received at 12:00 on NOW's day in all of these."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from events.models import Event, Flag
from events.wire import times
from events.wire.times import BadTime
from tests.conftest import NOW
from tests.events.people import track

HOUR = timedelta(hours=1)
BROWSER = {"library": {"name": "analytics.js"}}
SERVER = {"library": {"name": "analytics-python"}}


def read(context=SERVER, envelope=None, history=False, **message):
    return times.effective(message, envelope or {}, context, received_at=NOW, history=history)


def clock(hours, minutes=0):
    return f"2026-06-15T{hours:02}:{minutes:02}:00Z"


def test_without_a_time_it_happened_when_it_came():
    for message in ({}, {"timestamp": None}, {"timestamp": ""}, {"sentAt": clock(9)}):
        assert read(**message).occurred_at == NOW


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-06-15T10:00:00.123Z", 10),
        ("2026-06-15T10:00:00+00:00", 10),
        ("2026-06-15T12:00:00.123456+02:00", 10),
        ("2026-06-15T10:00:00", 10),
        ("2026-06-15 10:00", 10),
        ("2026-06-15", 0),
    ],
)
def test_times_come_in_many_dresses(text, hour):
    time = read(timestamp=text)
    assert (time.occurred_at.hour, time.occurred_at.tzinfo, time.flags) == (hour, UTC, 0)


@pytest.mark.parametrize("name", ["timestamp", "originalTimestamp"])
@pytest.mark.parametrize("value", ["soon", 7, 1.5, True, [], {}, "2026-02-30T00:00:00Z", "a\0\ud800"])
def test_what_is_no_time_is_said_to_be_none(name, value):
    with pytest.raises(BadTime, match=r"is no time\. Examples: 2026-01-31T12:00:00Z, or 1769860800000") as caught:
        read(**{name: value})
    assert str(caught.value).startswith(f"`{name}` ")
    assert len(str(caught.value).encode()) < 300  # fit for a page and for PostgreSQL, whatever was sent


def test_a_number_too_long_to_be_written_is_no_time_either():
    with pytest.raises(BadTime, match=r"`timestamp` \(int\) is no time"):
        read(timestamp=10**5_000)


def test_timestamp_comes_before_the_original_one():
    assert read(timestamp=clock(9), originalTimestamp=clock(8)).occurred_at.hour == 9
    assert read(originalTimestamp=clock(8)).occurred_at.hour == 8


def test_epoch_numbers_are_times_too():
    for value in (1781517600, 1781517600.0, "1781517600", 1781517600000, "1781517600000", 1781517600000000000):
        assert read(timestamp=value).occurred_at == NOW - 2 * HOUR
    assert read(BROWSER, timestamp=clock(9), sentAt=1781517600000).occurred_at == NOW - HOUR


@pytest.mark.parametrize("library", ["analytics.js", "RudderLabs JavaScript SDK", "analytics-kotlin", "analytics-ios"])
def test_a_devices_clock_is_corrected(library):
    """The device's clock is two hours behind: it said 9:00 for what was 11:00 here, sent one hour later."""
    time = read({"library": {"name": library}}, originalTimestamp=clock(9), sentAt=clock(10))
    assert (time.occurred_at, time.flags) == (NOW - HOUR, Flag.SKEW_CORRECTED)
    assert (time.original_at, time.sent_at) == (NOW - 3 * HOUR, NOW - 2 * HOUR)


def test_a_servers_clock_is_left_alone():
    """After an outage servers send the same bytes again, with the old sentAt."""
    time = read(SERVER, timestamp=clock(9), sentAt=clock(10))
    assert (time.occurred_at, time.flags, time.original_at) == (NOW - 3 * HOUR, 0, None)
    for context in ({}, {"library": "analytics.js"}, {"library": {}}, {"library": {"name": None}}):
        assert read(context, timestamp=clock(9), sentAt=clock(10)).flags == 0


def test_a_minute_of_difference_is_the_networks():
    assert read(BROWSER, timestamp=clock(9), sentAt=clock(11, 59)).flags == 0
    assert read(BROWSER, timestamp=clock(9), sentAt=clock(11, 58)).occurred_at == NOW - 3 * HOUR + timedelta(minutes=2)


def test_a_time_the_caller_set_is_not_corrected():
    time = read(BROWSER, timestamp=clock(9), originalTimestamp=clock(8), sentAt=clock(10))
    assert (time.occurred_at.hour, time.flags) == (9, 0)


def test_the_messages_own_sending_time_comes_before_the_batchs():
    time = read(BROWSER, {"sentAt": clock(11)}, timestamp=clock(9), sentAt=clock(10))
    assert time.occurred_at == NOW - HOUR
    assert read(BROWSER, {"sentAt": clock(11)}, timestamp=clock(9)).occurred_at == NOW - 2 * HOUR


@pytest.mark.parametrize("sent_at", ["soon", 7, [], ""])
def test_a_sending_time_that_cannot_be_read_costs_only_the_correction(sent_at):
    assert read(BROWSER, timestamp=clock(9), sentAt=sent_at).occurred_at.hour == 9


def test_the_future_is_the_time_of_receipt():
    time = read(timestamp="2026-06-15T12:00:01Z")
    assert (time.occurred_at, time.flags, time.original_at) == (NOW, Flag.FUTURE, NOW + timedelta(seconds=1))
    assert read(timestamp="9999-12-31T23:59:59Z").occurred_at == NOW
    assert read(timestamp=clock(12)).flags == 0


def test_a_corrected_time_can_be_in_the_future_too():
    time = read(BROWSER, timestamp=clock(11), sentAt=clock(10))
    assert (time.occurred_at, time.flags) == (NOW, Flag.FUTURE | Flag.SKEW_CORRECTED)


def test_ten_years_are_taken_and_no_more_unless_declared_as_history():
    assert read(timestamp="2016-06-15T12:00:00Z").occurred_at == datetime(2016, 6, 15, 12, tzinfo=UTC)
    with pytest.raises(BadTime, match="Import it as history"):
        read(timestamp="2016-06-14T11:00:00Z")
    assert read(timestamp="2016-06-14T11:00:00Z", history=True).occurred_at.year == 2016


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_no_clock_is_wrong_enough_to_break_the_arithmetic(sent_at):
    for timestamp in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", clock(9)):
        with suppress(BadTime):
            assert read(BROWSER, timestamp=timestamp, sentAt=sent_at).occurred_at <= NOW


def test_the_header_of_rudderstacks_browser_sdk_is_a_sending_time(door):
    message = {**track(userId="ann"), "timestamp": clock(9), "context": BROWSER}
    door.post("/v1/track", message, SentAt=clock(10))
    event = Event.objects.get()
    assert (event.occurred_at, event.flags) == (NOW - HOUR, Flag.SKEW_CORRECTED)
    assert (event.original_at, event.sent_at, event.received_at) == (NOW - 3 * HOUR, NOW - 2 * HOUR, NOW)


def test_an_old_event_is_known_today_and_counts_on_its_day(send):
    send(track(3_000, userId="ann"))
    event = Event.objects.get()
    assert (event.occurred_at, event.known_on) == (NOW - timedelta(days=3_000), NOW.date())
