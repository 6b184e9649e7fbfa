"""Rates of other currencies: only of currencies that exist, none of the base currency."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import CurrencyRate
from tests.pages import cast

ADD = "/admin/core/currencyrate/add/"


@pytest.fixture
def admin(client, begun):
    client.force_login(cast.colleague("Ada", "admin"))
    return client


def test_a_rate_is_written_in_small_letters_too_and_read_aloud(admin):
    admin.post(ADD, {"currency": "usd", "day": "2026-06-01", "rate": "0.92"})
    assert CurrencyRate.objects.get().currency == "USD"
    assert "1 USD = 0.92 EUR" in admin.get("/admin/core/currencyrate/").content.decode()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"currency": "EUR"}, "This is the base currency: it needs no rate."),
        ({"currency": "ABC"}, "There is no such currency."),
        ({"rate": "0"}, "The rate must be above 0."),
        ({"rate": "-1"}, "The rate must be above 0."),
    ],
)
def test_what_cannot_be_a_rate_is_refused(admin, said, error):
    seen = admin.post(ADD, {"currency": "USD", "day": "2026-06-01", "rate": "0.92", **said}).content.decode()
    assert error in seen
    assert not CurrencyRate.objects.exists()


def test_one_currency_has_one_rate_a_day(admin):
    CurrencyRate.objects.create(currency="USD", day=date(2026, 6, 1), rate=Decimal(1))
    admin.post(ADD, {"currency": "USD", "day": "2026-06-01", "rate": "0.92"})
    assert CurrencyRate.objects.get().rate == 1


def test_the_page_says_how_a_rate_holds(admin):
    assert "A rate holds from its day on, until the next one" in admin.get(ADD).content.decode()
