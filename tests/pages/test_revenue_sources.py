"""Monthly revenue beside the contracts that run: where they differ, the page says where each comes from."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers import lifecycle
from customers.models import Customer
from desk.profile.revenue_sources import Running, difference
from records.models import Contract
from tests.conftest import NOW

TODAY = NOW.date()


def said(mrr, **running):
    known = Running(**{"amount": Decimal(100), "contracts": 1, **running})
    return difference(None if mrr is None else Decimal(mrr), "EUR", known, None)


def test_where_they_agree_or_no_contract_has_a_value_nothing_is_said():
    assert said(100) == ""
    assert said("100.00") == ""
    assert said(70, amount=Decimal(0), contracts=0) == ""


def test_where_they_differ_both_are_named():
    assert said(70) == "The contracts that run add up to €100 a month, not to €70."
    assert said(None) == "The contracts that run add up to €100 a month; no monthly revenue is known."


def test_what_is_not_among_the_contracts_is_counted():
    assert said(70, foreign=1, unknown=2).endswith(
        "1 contract in another currency is not among them. 2 contracts have no value."
    )


@pytest.mark.django_db
def test_the_profile_says_who_set_the_revenue(client, maya):
    pk = lifecycle.create({"name": "Acme", "mrr": Decimal(70), "currency": "EUR"}, now=NOW, by=maya)
    for value, currency, starts, ends in (
        (60, "EUR", 40, None),
        (40, "EUR", 40, 0),
        (500, "EUR", 90, 1),  # over
        (700, "EUR", -1, None),  # begins tomorrow
        (90, "USD", 40, None),
        (None, "EUR", 40, None),
    ):
        Contract.objects.create(
            customer_id=pk, name="C", starts_on=TODAY - timedelta(days=starts), monthly_value=value, currency=currency,
            ends_on=None if ends is None else TODAY - timedelta(days=ends),
        )  # fmt: skip
    client.force_login(maya)
    seen = client.get(f"/customers/{pk}/").content.decode()
    assert "The contracts that run add up to €100 a month; €70 was set on 15 Jun 2026 by: " in seen
    assert "1 contract in another currency is not among them. 1 contract has no value." in seen
    Customer.objects.filter(pk=pk).update(mrr=100)
    assert "The contracts that run" not in client.get(f"/customers/{pk}/").content.decode()
