"""Amounts in other currencies, turned into BASE_CURRENCY by the dated rate table."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from django.conf import settings
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from core.models import CurrencyRate


def is_currency(code: str) -> bool:
    """Tell whether it is the code of a currency (ISO 4217), such as EUR."""
    return code in Locale("en").currencies


def rate_on(day: date) -> Subquery:
    """Return an annotation for rows with a `currency`: its rate on the day; null when none is known.

    As text, because a number in JSON would pass through a float.
    """
    # The newest rate up to the day holds until the next one.
    rates = CurrencyRate.objects.filter(currency=OuterRef("currency"), day__lte=day).order_by("-day")
    return Subquery(rates.values(amount=Cast("rate", TextField()))[:1])


class Rates:
    """The rates of some currencies, each read once (one query; none when all is in the base currency)."""

    def __init__(self, currencies: Iterable[str]) -> None:
        self._rates: dict[str, list[tuple[date, Decimal]]] = {}
        self.learn(currencies)

    @classmethod
    def of_day(cls, day: date, rates: Mapping[str, str | None]) -> "Rates":
        """Return what `rate_on` read of some currencies, good for that day only. No query."""
        known = cls(())
        known._rates = {currency: [(day, Decimal(rate))] if rate else [] for currency, rate in rates.items()}
        return known

    def learn(self, currencies: Iterable[str]) -> None:
        """Read the rates of the currencies that were not read yet. One query; none when there are none."""
        unread = set(currencies) - {settings.BASE_CURRENCY} - self._rates.keys()
        self._rates |= {currency: [] for currency in unread}
        if unread:
            rows = CurrencyRate.objects.filter(currency__in=unread).order_by("currency", "-day")
            for currency, day, rate in rows.values_list("currency", "day", "rate"):
                self._rates[currency].append((day, rate))

    def on(self, day: date, currency: str) -> Decimal | None:
        """Return what one unit of the currency was worth on the day; None when no rate is known."""
        if currency == settings.BASE_CURRENCY:
            return Decimal(1)
        # Newest first, as they were read.
        return next((rate for since, rate in self._rates.get(currency, ()) if since <= day), None)

    def in_base(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        rate = self.on(day, currency)
        return None if rate is None else amount * rate
