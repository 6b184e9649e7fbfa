"""Values that wait for an exchange rate: they are what they would have been, as soon as there is one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.days import business_day
from core.models import CurrencyRate
from customers.models import Act, InputLog
from events.corrections import rates
from events.models import Event, Flag
from records import invoices
from scoring.model_versions import versions
from scoring.models import FactorKind, ScoringModel
from tests.conftest import NOW
from tests.events.corrections.steps import TOMORROW, closed, did, history_rows, person, scored, stands
from tests.events.people import company

TODAY = business_day(NOW)


def rate(currency="USD", ago=60, value="0.5"):
    CurrencyRate.objects.create(currency=currency, day=TODAY - timedelta(days=ago), rate=Decimal(value))


@pytest.fixture
def orders(send):
    """Acme has paid in dollars, for which there is no rate; its twin's were converted before they were sent."""
    send(person("acme"), person("twin"))
    for days, amount in ((2, 30), (5, "12.345"), (40, 10**13)):
        send(did("acme", days, "Order completed", revenue=amount, currency="usd"))
    return company("acme")


def converted(now=NOW):
    while rates.convert(now=now):
        pass


def test_without_a_rate_they_wait_and_nothing_is_written(orders):
    rate(ago=1)  # too late for all of them
    rate("CHF")
    with CaptureQueriesContext(connection) as asked:
        assert rates.convert(now=NOW) == 0
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) == 1
    assert Event.objects.live().filter(value=None).count() == 3


def test_value_counts_and_score_equal_those_of_a_twin_whose_rate_was_there(orders, send):
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.factors.create(kind=FactorKind.PURCHASE_VALUE, weight=50, worst=0, best=100, days=30)
    versions.publish(draft, now=NOW, by=None)
    scored()
    rate()
    for days, amount in ((2, 30), (5, "12.345"), (40, 10**13)):
        send(did("twin", days, "Order completed", revenue=amount, currency="usd"))
    converted()
    assert stands("acme") == stands("twin")
    was = Event.objects.live().order_by("occurred_at").values_list("value", "flags")
    assert list(was.filter(customer=orders)) == list(was.filter(customer=company("twin")))
    assert list(was.filter(customer=orders)) == [(10**12, Flag.VALUE_CLAMPED), (6_173, 0), (15_000, 0)]


def test_only_days_from_the_rates_first_on_are_converted_and_closed_days_stay(orders):
    scored()
    closed()
    before = history_rows()
    rate(ago=5)
    converted(TOMORROW)
    assert Event.objects.live().filter(value=None).count() == 1
    assert history_rows() == before
    assert set(Event.objects.live().exclude(value=None).values_list("known_on", flat=True)) == {business_day(TOMORROW)}


def test_one_act_of_many_names_the_currency_and_how_many(orders, send):
    send(did("twin", 3, "Order completed", value=1, currency="USD"), did("twin", 3, "Gift", value=1, currency="CHF"))
    rate()
    rate("CHF")
    converted()
    wholes = Act.objects.filter(kind="rate", customer=None).order_by("-pk")
    assert {act.detail["currency"]: act.detail["events"] for act in wholes} == {"USD": 4, "CHF": 1}
    parts = Act.objects.filter(part_of__in=wholes, customer=company("twin"))
    assert {act.detail["currency"]: act.detail["events"] for act in parts} == {"USD": 1, "CHF": 1}


def test_few_at_a_time_end_as_all_at_once(orders):
    rate()
    done = [rates.convert(now=NOW, limit=2) for _ in range(3)]
    assert done == [2, 1, 0]
    whole = Act.objects.get(kind="rate", customer=None)
    assert (whole.detail["events"], whole.detail["customers"]) == (3, 1)


def overdue(customer):
    row = InputLog.objects.filter(customer=customer, name=invoices.OVERDUE).order_by("known_on").last()
    return row and row.number


def test_overdue_amounts_follow_a_rate_that_is_entered_or_changed(begun, orders):
    day = TODAY - timedelta(days=30)
    owed = {"external_id": "1", "customer_id": orders.pk, "amount": Decimal(80), "currency": "USD"}
    invoices.write([{**owed, "issued_on": day, "due_on": day}], now=NOW)
    assert overdue(orders) == 0
    rate()
    assert rates.note_new(now=NOW) == {"USD"}
    assert overdue(orders) == 40_000
    assert rates.note_new(now=NOW) == set()
    CurrencyRate.objects.update(rate=2, noted_at=None)
    rates.note_new(now=NOW)
    assert overdue(orders) == 160_000
    converted()
