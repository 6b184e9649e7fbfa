"""Customers, sources, rates and the machinery, as an admin sees them."""

from datetime import date

import pytest

from core.jobs import periodic
from core.models import CurrencyRate
from customers.models import Customer
from events import ingest
from tests.admin.browsing import as_it_stands, seen
from tests.conftest import NOW

CUSTOMERS = "/admin/customers/customer/"


@pytest.fixture
def acme(source):
    """A company that the website named, with Ann in it, and a stranger who is nobody's contact yet."""
    messages = [
        {"type": "group", "userId": "ann-7", "groupId": "acme-1", "traits": {"name": "Acme"}, "messageId": "1"},
        {"type": "identify", "userId": "ann-7", "traits": {"name": "Ann"}, "messageId": "2"},
        {"type": "track", "event": "Dance", "anonymousId": "stranger", "messageId": "3"},
    ]
    ingest.record(messages, source=source, now=NOW)
    return Customer.objects.get(name="Acme")


def found(desk, **question):
    return [customer.name for customer in desk.get(CUSTOMERS, question).context["cl"].result_list]


@pytest.mark.parametrize("words", ["acme", "acme-1", "ann-7"])
def test_a_customer_is_found_by_name_and_by_the_id_of_the_company_or_of_a_person(desk, acme, words):
    assert found(desk, q=words) == ["Acme"]


def test_provisional_customers_can_be_listed_alone(desk, acme):
    assert found(desk, provisional__exact=1) == ["stranger"]
    assert found(desk, provisional__exact=0) == ["Acme"]


def test_a_customer_shows_who_is_known_under_which_identity_and_leads_to_its_page(desk, acme):
    page = desk.get(f"{CUSTOMERS}{acme.pk}/change/")
    assert "company acme-1" in seen(page)
    assert "Ann (user:ann-7)" in seen(page)
    assert f'href="/customers/{acme.pk}/"' in page.content.decode()


def test_customers_are_not_changed_here(desk, acme):
    assert desk.get(f"{CUSTOMERS}add/").status_code == 403
    assert desk.post(f"{CUSTOMERS}{acme.pk}/change/", {"name": "Other"}).status_code == 403
    assert desk.get(f"{CUSTOMERS}{acme.pk}/delete/").status_code == 403


def test_a_source_can_be_renamed_and_given_a_channel_and_nothing_else(desk, source):
    page = desk.get(f"/admin/events/source/{source.pk}/change/")
    changed = {"name": "Shop", "channel": "purchase", "kind": "sample"}
    desk.post(f"/admin/events/source/{source.pk}/change/", {**as_it_stands(page), **changed})
    source.refresh_from_db()
    assert (source.name, source.channel, source.kind) == ("Shop", "purchase", "write_key")
    assert desk.get(f"/admin/events/source/{source.pk}/delete/").status_code == 403


def test_exchange_rates_are_entered_corrected_and_removed(desk):
    rates = "/admin/core/currencyrate/"
    desk.post(f"{rates}add/", {"currency": "USD", "day": "2026-06-01", "rate": "0.92"})
    rate = CurrencyRate.objects.get(currency="USD", day=date(2026, 6, 1))
    desk.post(f"{rates}{rate.pk}/change/", {"currency": "USD", "day": "2026-06-01", "rate": "0.93"})
    assert str(CurrencyRate.objects.get().rate) == "0.93000000"
    desk.post(f"{rates}{rate.pk}/delete/", {"post": "yes"})
    assert not CurrencyRate.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"currency": "US"}, "There is no such currency."),
        ({"rate": "0"}, "The rate must be above 0."),
        ({"rate": "1e400"}, "no more than"),
        ({"day": "soon"}, "Enter a valid date."),
        ({"currency": "GBP"}, "already exists"),
        ({"currency": "EUR"}, "This is the base currency"),
    ],
)
def test_a_wrong_rate_is_said_beside_the_form(desk, wrong, error):
    CurrencyRate.objects.create(currency="GBP", day=date(2026, 6, 1), rate=1)
    sent = {"currency": "USD", "day": "2026-06-01", "rate": "0.92", **wrong}
    assert error in seen(desk.post("/admin/core/currencyrate/add/", sent))


def test_closed_days_and_runs_are_to_look_at(desk):
    periodic.plan("history", "2026-06-14")
    assert "14 Jun 2026" in seen(desk.get("/admin/core/closedday/"))
    assert "history 2026-06-14" in seen(desk.get("/admin/core/run/"))
    for path in ("closedday/add/", "run/add/", "closedday/2026-06-14/delete/"):
        assert desk.get(f"/admin/core/{path}").status_code == 403
