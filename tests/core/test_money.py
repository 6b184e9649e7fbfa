"""Rates that another query read along with its rows are the same as those read by themselves."""

from datetime import date
from decimal import Decimal

from core.models import CurrencyRate
from core.money import Rates, rate_on
from customers.models import Customer
from tests.conftest import NOW

DAY = date(2026, 6, 15)


def test_the_rate_of_a_day_is_read_along_with_the_rows(db, django_assert_num_queries):
    for currency, day, rate in (
        ("USD", date(2026, 6, 1), "0.9"),
        ("USD", date(2026, 6, 10), "0.123456"),
        ("USD", date(2026, 6, 16), "0.8"),  # known only from the next day on
        ("GBP", date(2026, 6, 1), "1.2"),  # another currency
        ("CHF", date(2026, 6, 16), "1.1"),
    ):
        CurrencyRate.objects.create(currency=currency, day=day, rate=Decimal(rate))
    for currency in ("EUR", "USD", "CHF"):
        Customer.objects.create(name=currency, currency=currency, created_at=NOW)
    with django_assert_num_queries(1):
        read = Rates.of_day(DAY, dict(Customer.objects.annotate(rate=rate_on(DAY)).values_list("currency", "rate")))
        amounts = {currency: read.in_base(Decimal(2), currency, DAY) for currency in ("EUR", "USD", "CHF", "GBP")}
    by_themselves = Rates(["EUR", "USD", "CHF"])
    assert amounts == {"EUR": 2, "USD": Decimal("0.246912"), "CHF": None, "GBP": None}
    assert amounts == {currency: by_themselves.in_base(Decimal(2), currency, DAY) for currency in amounts}
