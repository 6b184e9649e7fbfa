"""An event's value: from value, revenue or total, in thousandths, converted at its day's rate, within bounds."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import CurrencyRate
from events.models import DailyCount, Event, Flag
from tests.events.people import track


def stored(send, days=0, **properties):
    send(track(days, userId="ann", properties=properties))
    return Event.objects.latest("id")


@pytest.mark.parametrize(
    ("properties", "value"),
    [
        ({"value": 12.5}, 12_500),
        ({"revenue": 3}, 3_000),
        ({"total": "4.25"}, 4_250),
        ({"total": 3, "revenue": 2, "value": 1}, 1_000),
        ({"total": 3, "revenue": 2, "value": None}, 2_000),
        ({"revenue": 2, "value": "many"}, 2_000),
        ({"value": 0, "revenue": 2}, 0),
        ({"value": -7}, -7_000),
        ({"value": " 8 "}, 8_000),
        ({"value": "1e3"}, 1_000_000),
        ({"value": 0.0005}, 1),
        ({"value": -0.0005}, -1),
        ({"value": 0.0004}, 0),
        ({"value": 0.1 + 0.2}, 300),
        ({"value": "+.5"}, 500),
        ({"value": "5."}, 5_000),
        ({"revenue": 2, "value": "1_000"}, 2_000),
        ({"value": "١٢"}, None),
        ({"value": "１２"}, None),
        ({"value": "1,5"}, None),
        ({"value": "0x10"}, None),
        ({"value": "1e"}, None),
        ({"value": "1e" + "9" * 20}, None),
        ({"value": True}, None),
        ({"value": ""}, None),
        ({"value": "NaN"}, None),
        ({"value": "-Infinity"}, None),
        ({"value": [1]}, None),
        ({"price": 9}, None),
        ({}, None),
    ],
)
def test_the_first_of_value_revenue_and_total_that_is_a_number(send, properties, value):
    event = stored(send, **properties)
    assert (event.value, event.flags) == (value, 0)


@pytest.mark.parametrize("currency", [None, "", "EUR", "eur"])
def test_without_a_currency_or_in_the_base_currency_nothing_is_converted(send, currency):
    assert stored(send, value=10, currency=currency).value == 10_000


def test_another_currency_is_converted_at_the_rate_of_the_events_day(send):
    CurrencyRate.objects.create(currency="USD", day=date(2026, 6, 10), rate=Decimal("0.9"))
    CurrencyRate.objects.create(currency="USD", day=date(2026, 6, 13), rate=Decimal("0.8"))
    values = [stored(send, days, value=10, currency="usd").value for days in (0, 2, 3, 5, 6)]
    assert values == [8_000, 8_000, 9_000, 9_000, None]
    assert Event.objects.latest("id").flags == Flag.NO_RATE


@pytest.mark.parametrize("currency", ["USD", "\0", "no currency at all", {"code": "USD"}, 7, True])
def test_a_value_without_a_rate_is_unknown_and_not_zero(send, currency):
    event = stored(send, value=10, currency=currency)
    assert (event.value, event.flags) == (None, Flag.NO_RATE)
    assert (DailyCount.objects.get().count, DailyCount.objects.get().value_sum) == (1, 0)


def test_values_stop_at_a_thousand_million_units(send):
    values = [10**9, 10**9 + 1, -(10**9), -(10**9) - 1, 1e39, "9" * 40]
    events = [stored(send, value=value) for value in values]
    most = 10**12
    assert [event.value for event in events] == [most, most, -most, -most, most, most]
    flags = [bool(event.flags & Flag.VALUE_CLAMPED) for event in events]
    assert flags == [False, True, False, True, True, True]


def test_the_bound_holds_after_conversion(send):
    CurrencyRate.objects.create(currency="BTC", day=date(2026, 1, 1), rate=Decimal(60_000))
    event = stored(send, value=20_000, currency="BTC")
    assert (event.value, event.flags) == (10**12, Flag.VALUE_CLAMPED)


def test_the_sum_of_the_largest_values_is_exact(send):
    send(*(track(userId="ann", properties={"value": 10**9}) for _ in range(1_000)))
    assert DailyCount.objects.get().value_sum == 1_000 * 10**12


def test_pages_and_screens_carry_their_name_as_a_property(send):
    send({"type": "page", "userId": "ann", "name": "Pricing", "category": "Shop", "properties": {"category": "Web"}})
    send({"type": "screen", "userId": "ann", "name": "Home", "properties": {"value": 2}})
    page, screen = Event.objects.order_by("id")
    assert (page.event_type.name, page.properties) == ("Page viewed", {"name": "Pricing", "category": "Web"})
    assert (screen.event_type.name, screen.value) == ("Screen viewed", 2_000)
