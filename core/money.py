"""Amounts in other currencies, turned into BASE_CURRENCY by the dated rate table."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from babel import Locale
from django.conf import settings

from core.models import CurrencyRate


def is_currency(code: str) -> bool:
    """Tell whether it is the code of a currency (ISO 4217), such as EUR."""
    return code in Locale("en").currencies


class Rates:
    """The rates of some currencies, each read once (one query; none when all is in the base currency)."""

    def __init__(self, currencies: Iterable[str]) -> None:
        self._rates: dict[str, list[tuple[date, Decimal]]] = {}
        self.learn(currencies)

    def learn(self, currencies: Iterable[str]) -> None:
        """Read the rates of the currencies that were not read yet. One query; none when there are none."""
        wanted = {one for one in currencies if one != settings.BASE_CURRENCY and one not in self._rates}
        self._rates |= {currency: [] for currency in wanted}
        if wanted:
            rows = CurrencyRate.objects.filter(currency__in=wanted).order_by("currency", "-day")
            for currency, day, rate in rows.values_list("currency", "day", "rate"):
                self._rates[currency].append((day, rate))

    def on(self, day: date, currency: str) -> Decimal | None:
        """Return what one unit of the currency was worth on the day; None when no rate is known."""
        if currency == settings.BASE_CURRENCY:
            return Decimal(1)
        return next((rate for since, rate in self._rates.get(currency, ()) if since <= day), None)

    def in_base(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        rate = self.on(day, currency)
        return None if rate is None else amount * rate
