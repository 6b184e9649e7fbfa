"""Random portfolios, scored: page, API and file name one sum, which is never more than what is paid, in one order."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from core.models import CurrencyRate
from customers.models import Customer
from desk.at_risk.totals import Totals
from records.models import Contract
from scoring import overrides
from scoring.runs import run
from tests.conftest import NOW
from tests.pages import cast
from tests.sizes import sizes

pytestmark = pytest.mark.django_db

RATES = {"EUR": Decimal(1), "USD": Decimal("0.913"), "CHF": None}
CENT = Decimal("0.01")
CUSTOMERS = 25


@dataclass
class Paying:
    """What a customer pays a month in the base currency (None: nobody knows), its health, and its renewal."""

    value: Decimal | None
    health: int
    renews_on: date | None


@pytest.mark.parametrize("portfolios", sizes(3, 1_000))
def test_page_api_and_file_agree(client, api, maya, portfolios, settings):
    settings.API_REQUESTS_PER_MINUTE = 1_000_000  # a thousand portfolios ask more than a program may
    client.force_login(maya)
    CurrencyRate.objects.create(currency="USD", day=cast.TODAY - timedelta(days=9), rate=RATES["USD"])
    for seed in range(portfolios):
        with transaction.atomic():
            _agree(client, api, _portfolio(Random(seed), maya))
            transaction.set_rollback(True)


def _agree(client, api, paying):
    rows = _file(client)
    assert [int(row["id"]) for row in rows] == _expected(paying)
    known = [Decimal(row["revenue_at_risk"]) for row in rows if row["revenue_at_risk"]]
    assert known == [paying[pk].value for pk in _expected(paying) if paying[pk].value is not None]
    assert sum(known) <= sum(one.value for one in paying.values() if one.value is not None)
    totals = Totals.from_customers(Customer.objects.at_risk(cast.TODAY))
    assert totals == Totals.of_all(cast.TODAY) == Totals(len(rows), len(rows) - len(known), sum(known))
    sums = api.get("at-risk/totals/").json()
    assert (sums["customers"], Decimal(sums["revenue_at_risk"])) == (len(rows), sum(known))
    assert [row["customer"]["id"] for row in api.rows("at-risk/")] == [int(row["id"]) for row in rows]


def _portfolio(chance, by):
    """Make and score customers whose health somebody says."""
    paying = {}
    for n in range(CUSTOMERS):
        currency, health = chance.choice([*RATES, "EUR"]), chance.randrange(101)
        mrr = chance.choice([None, *(Decimal(chance.randrange(1, 90_000)) / 100 for _ in range(3))])
        customer = cast.customer(f"Customer {n}", mrr=mrr, currency=currency, stage=chance.choice(["active", "trial"]))
        overrides.put(customer, health=health, until=cast.TODAY, reason="So", now=NOW, by=by)
        renews_on = cast.TODAY + timedelta(days=chance.randrange(1, 200)) if chance.random() < 0.4 else None
        Contract.objects.create(
            customer=customer, name="A", starts_on=cast.TODAY, renews_on=renews_on, currency=currency
        )
        known = mrr is not None and RATES[currency] is not None
        paying[customer.pk] = Paying((mrr * RATES[currency]).quantize(CENT) if known else None, health, renews_on)
    while run.score_changed(now=NOW):
        pass
    return paying


def _expected(paying):
    """Return who is red, in the order of the rule as docs/understand/scoring-reference.md states it."""
    values = sorted(one.value for one in paying.values() if one.value is not None)
    typical = values[(len(values) - 1) // 2] if values else None

    def urgency(pk):
        value = typical if paying[pk].value is None else paying[pk].value
        days = None if paying[pk].renews_on is None else (paying[pk].renews_on - cast.TODAY).days
        soon = days is not None and 0 <= days <= 90
        return (value * (100 - paying[pk].health) / 100 * (2 if soon else 1)).quantize(CENT)

    return sorted((pk for pk, one in paying.items() if one.health < 50), key=lambda pk: (-urgency(pk), pk))


def _file(client):
    body = b"".join(client.get("/at-risk/export/").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(body.splitlines()))
