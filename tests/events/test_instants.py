"""Instants as senders write them: many forms of the same one, and no form that could be read in two ways."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.wire import instants
from events.wire.instants import NoInstant

EVENING = datetime(2026, 11, 28, 22, 46, 35, tzinfo=UTC)
MILLIS = EVENING.replace(microsecond=123_000)
MICROS = EVENING.replace(microsecond=123_456)
MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)

FORMS = [
    ("2026-11-28T22:46:35Z", EVENING),
    ("2026-11-28t22:46:35z", EVENING),
    ("2026-11-28 22:46:35", EVENING),
    ("2026-11-28  22:46:35", EVENING),
    (" 2026-11-28T22:46:35Z\n", EVENING),
    ("2026-11-28 22:46:35 UTC", EVENING),
    ("2026-11-28 22:46:35 GMT", EVENING),
    ("2026-11-28 22:46:35 Z", EVENING),
    ("2026-11-28T22:46:35UTC", EVENING),
    ("2026-11-28T23:46:35+01:00", EVENING),
    ("2026-11-28T23:46:35+0100", EVENING),
    ("2026-11-28T23:46:35+01", EVENING),
    ("2026-11-28 23:46:35 +0100", EVENING),
    ("2026-11-28 23:46:35 UTC+01:00", EVENING),
    ("2026-11-28T19:16:35-03:30", EVENING),
    ("2026-11-28T22:46:35.123Z", MILLIS),
    ("2026-11-28T22:46:35,123Z", MILLIS),
    ("2026-11-28t22:46:35,123z", MILLIS),
    ("2026-11-28T22:46:35.123456Z", MICROS),
    ("2026-11-28T22:46:35.123456999Z", MICROS),
    ("2026-11-28 22:46:35.123456789 UTC", MICROS),
    ("2026-11-28 22:46:35.123456789 +0000 UTC m=+0.01", MICROS),
    ("2026-11-28 22:46:35.123456789 +0000 UTC", MICROS),
    ("2026-11-29 01:46:35.123 +0300 MSK", MILLIS),
    ("2026-11-29 01:46:35.123 +0300 +03 m=-12.000000001", MILLIS),
    ("2026-11-28T23:46:35.123+01:00[Europe/Paris]", MILLIS),
    ("2026-11-28T22:46:35Z[UTC]", EVENING),
    ("20261128T224635Z", EVENING),
    ("20261128T234635.123+0100", MILLIS),
    ("20261128 224635", EVENING),
    ("2026-11-28", MIDNIGHT),
    ("20261128", MIDNIGHT),
    ("2026-W48-6", MIDNIGHT),
    ("2026-W48-6T22:46:35Z", EVENING),
    ("Sat, 28 Nov 2026 22:46:35 GMT", EVENING),
    ("Sat, 28 Nov 2026 23:46:35 +0100", EVENING),
    ("28 nov 2026 22:46:35 +0000", EVENING),
    ("Sat, 28-Nov-2026 22:46:35 GMT", EVENING),
    ("Sat Nov 28 2026 23:46:35 GMT+0100 (Central European Standard Time)", EVENING),
    ("Sat Nov 28 2026 22:46:35 GMT+0000", EVENING),
    ("Sat Nov 28 22:46:35 UTC 2026", EVENING),
    ("2026-11-28T24:00:00Z", MIDNIGHT + timedelta(days=1)),
    ("2026-11-28T24:00", MIDNIGHT + timedelta(days=1)),
    ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ("2016-12-31t18:59:60.5-05:00", datetime(2017, 1, 1, 0, 0, 0, 500_000, UTC)),
]


@pytest.mark.parametrize(("text", "instant"), FORMS, ids=[text for text, _ in FORMS])
def test_an_instant_is_read_in_each_of_its_forms(text, instant):
    found = instants.read(text)
    assert (found, found.tzinfo) == (instant, UTC)


SECONDS = 1_795_905_995  # EVENING
NUMBERS = [
    SECONDS, SECONDS * 1_000, SECONDS * 1_000_000, SECONDS * 1_000_000_000,
    float(SECONDS), SECONDS * 1e3, SECONDS * 1e6, SECONDS * 1e9,
    f"{SECONDS}", f"{SECONDS}000", f"{SECONDS}000000", f"{SECONDS}000000000", f" {SECONDS}.0 ", f"{SECONDS}000.0",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_the_size_of_a_number_tells_its_unit(number):
    assert instants.read(number) == EVENING


@pytest.mark.parametrize("number", [SECONDS + 0.25, f"{SECONDS}.25", SECONDS * 1_000 + 250, SECONDS * 1_000 + 250.0])
def test_fractions_of_a_second_are_kept(number):
    assert instants.read(number) == EVENING.replace(microsecond=250_000)


def test_a_number_counts_from_2000_to_2099():
    first, last = 946_684_800, 4_102_444_799
    for factor in (1, 1_000, 1_000_000, 1_000_000_000):
        assert instants.read(first * factor) == datetime(2000, 1, 1, tzinfo=UTC)
        assert instants.read(last * factor) == datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
        for outside in (first * factor - 1, (last + 1) * factor):
            with pytest.raises(NoInstant):
                instants.read(outside)


def test_milliseconds_that_look_like_a_date_of_1781_are_none():
    """Python's own reading takes 1781-12-15, any character, and 01:23."""
    assert datetime.fromisoformat("1781121500123").year == 1781
    assert instants.read("1781121500123") == datetime(2026, 6, 10, 19, 58, 20, 123_000, UTC)


@pytest.mark.parametrize(
    "value",
    [
        "soon", "12:00", "22:46:35Z", "2026", "2026-11", "26-11-28", "2026-166",
        "02/03/2026", "2/3/26", "28.11.2026", "2026-11-28 10:46 PM", "Nov 28 2026", "2026-11-28 10:46 +0100 PM",
        "28 Nov 26 22:46:35 GMT",
        "2026-11-28 22:46:35 PST", "2026-11-28 22:46:35 CET", "Sat, 28 Nov 2026 22:46:35", "Sat Nov 28 22:46:35 2026",
        "2026-11-28+02:00", "2026-11-28-10:00", "2026-11-28x22:46", "2026-11-28Z",
        "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "0000-01-01", "10000-01-01T00:00:00Z",
        "2026-11-28T24:00:01Z", "2026-11-28T24:00:00.1", "2026-11-28T25:00", "2026-11-28T22:60:00",
        "2026-11-28T22:46:61Z", "2026-11-28t22:46:35+24:00", "2026-11-28t22:46:35+01:60",
        "0001-01-01T00:00:00+14:00", "9999-12-31T24:00:00z", "9999-12-31T23:59:59-14:00",
        "２０２６-11-28", "2026-11-28t２2:46:35z",
        "2026-11-28T22:46:35Z and more", "2026-11-28t22:46:35z\0", "\ud800", "",
        "1_795_906_000", "１７９５９０６０００", "1795906000e0", "+1795906000", "-1795906000", "0x6B0BBA10",
        0, 1, -1, 20261128, -SECONDS, 10**400, -(10**400), 1e308, float("nan"), float("inf"), float("-inf"),
        True, False, None, [], {}, b"2026-11-28", (2026, 11, 28), 1j,
    ],
    ids=lambda value: repr(value)[:40] if not isinstance(value, int) else f"{value % 10**40}",
)  # fmt: skip
def test_what_is_none_or_could_be_two(value):
    with pytest.raises(NoInstant):
        instants.read(value)


ANY = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
THIS_CENTURY = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moment=ANY, zone=ZONES)
def test_every_instant_is_read_back_from_each_form(moment, zone):
    there = moment.astimezone(zone)
    iso = there.isoformat()
    for text in (iso, iso.replace("T", "t"), iso.replace("T", " "), f"{iso[:-6]} {iso[-6:]}", f"{iso}[Some/Where]"):
        assert instants.read(text) == moment
    for end in ("Z", "z", " UTC", " GMT", "", " +0000 UTC m=+1.5"):
        assert instants.read(moment.isoformat().replace("+00:00", end)) == moment
    javascript = f"{there:%a %b %d} {there.year:04} {there:%H:%M:%S} GMT{there:%z} (Some Time)"
    for text in (format_datetime(there), javascript):
        assert instants.read(text) == moment.replace(microsecond=0)


@given(moment=THIS_CENTURY)
def test_every_instant_of_this_century_is_read_back_from_its_number(moment):
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    as_texts = f"{micros}", f"{micros // 10**6}.{micros % 10**6:06}"
    for number in (micros, micros * 1_000 + 999, micros / 1_000_000, *as_texts):
        assert instants.read(number) == moment
    millis = moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)
    assert instants.read(micros // 1_000) == instants.read(f"{micros // 1_000}") == millis


PIECES = st.sampled_from(
    ["2026", "-11-28", "T", "t", " ", "22:46", ":35", ":60", "24:00", ".123", ",5", "Z", "UTC", "+01:00", "-9999",
     "Sat, ", "28 Nov ", "GMT", "(x)", "[x]", "m=+1", "W01", "9" * 20, "0", "\0", "я", "\ud800", "٣"]
)  # fmt: skip
ANYTHING = (
    st.lists(PIECES, max_size=7).map("".join) | st.text() | st.integers() | st.floats() | st.booleans() | st.none()
)


@given(value=ANYTHING)
@example(value="9999-12-31T23:59:60Z")
@example(value="0001-01-01T00:00:00+23:59")
@example(value="2026-11-28T22:46:35+99:99")
def test_whatever_is_sent_is_an_instant_in_utc_or_none(value):
    with suppress(NoInstant):
        assert instants.read(value).tzinfo is UTC
