"""Loading three invoices in place of 25,897."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import CurrencyRate
from customers.models import Customer, Identity, InputLog
from events.models import Event
from samples.online_retail import invoices
from samples.online_retail.invoices import Invoice

FIRST = datetime(2011, 12, 8, 8, 26, tzinfo=UTC)
ORDER = Invoice("536365", "17850", "United Kingdom", FIRST, 7, 40, Decimal("139.12"), cancelled=False)
CANCELLED = Invoice("C536379", "17850", "United Kingdom", FIRST, 1, -1, Decimal("-27.5"), cancelled=True)
NAMELESS = Invoice("536414", "", "United Kingdom", FIRST, 1, 56, Decimal(0), cancelled=False)


@pytest.fixture(autouse=True)
def three_invoices(db, monkeypatch):
    monkeypatch.setattr(invoices, "read", lambda: iter([ORDER, CANCELLED, NAMELESS]))


def load(**options):
    out = StringIO()
    call_command("load_sample", "online-retail", stdout=out, **options)
    return [line.strip() for line in out.getvalue().splitlines()]


def test_each_invoice_is_stored_or_skipped_for_a_reason():
    out = load()
    assert {"3 read", "2 stored", "0 rejected", "1 skipped: the invoice names no customer"} <= set(out)
    assert {"0 stored", "2 stored before"} <= set(load())
    assert Event.objects.count() == 2


def test_a_buyer_is_a_company_known_since_its_first_invoice():
    load()
    buyer = Customer.objects.get()
    assert (buyer.name, buyer.kind, buyer.country) == ("Customer 17850", "company", "United Kingdom")
    assert Identity.objects.filter(kind="company", value="17850", customer=buyer).exists()
    assert buyer.contacts.get().identities.filter(kind="user", value="17850").exists()
    assert InputLog.objects.get(name="stage").known_on == date(2011, 12, 8)


def test_amounts_are_pounds_and_a_cancellation_is_above_zero():
    load()
    assert CurrencyRate.objects.get(currency="GBP").rate == Decimal("1.15")
    # 139.12 × 1.15 and 27.50 × 1.15, in thousandths
    assert {event.value for event in Event.objects.all()} == {31_625, 159_988}


def test_moved_to_today_by_whole_days():
    load(shift_to_today=True)
    # 2011-12-08 is the day before the data set's last
    assert {event.occurred_at.time() for event in Event.objects.all()} == {FIRST.time()}
    days = {(timezone.now().date() - event.occurred_at.date()).days for event in Event.objects.all()}
    assert days <= {1, 2}  # 2 if midnight passes meanwhile


def test_the_two_ways_of_loading_exclude_each_other():
    load()
    with pytest.raises(CommandError, match="loaded already, with its own dates"):
        load(shift_to_today=True)
    assert Event.objects.count() == 2
