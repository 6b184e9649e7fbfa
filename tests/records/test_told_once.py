"""A record's event happens once, whichever source tells of it again."""

from datetime import timedelta

import pytest

from events.models import Event, Source
from records import contacts, contracts, due, invoices, tickets
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def imported(begun):
    return Source.objects.create(name="Import", kind=Source.Kind.SAMPLE, created_at=NOW)


def names():
    return sorted(Event.objects.values_list("event_type__name", flat=True))


def test_an_imported_contract_that_a_colleague_changes_was_signed_once(acme, imported):
    row = {"customer_id": acme, "name": "Annual", "starts_on": TODAY, "currency": "EUR"}
    signed = contracts.sign([row], now=NOW, source=imported)[0]
    contracts.sign([{**row, "id": signed.id, "renews_on": TODAY + timedelta(days=365)}], now=NOW)
    assert names() == ["Contract signed"]


def test_an_imported_invoice_falls_overdue_once(acme, imported):
    row = {"customer_id": acme, "external_id": "i", "number": "1", "amount": 9, "currency": "EUR"}
    row |= {"issued_on": TODAY - timedelta(days=20), "due_on": TODAY - timedelta(days=5)}
    invoices.write([row], now=NOW, source=imported)
    assert due.tell(now=NOW) == 0
    assert names() == ["Invoice issued", "Invoice overdue"]


def test_a_ticket_is_opened_by_who_asked(acme, begun):
    ann = contacts.write([{"customer_id": acme, "email": "ann@acme.example", "name": "Ann"}], now=NOW)[0]
    row = {"customer_id": acme, "subject": "Slow", "opened_at": NOW, "contact_id": ann.pk, "solved_at": NOW}
    tickets.write([row], now=NOW)
    found = dict(Event.objects.values_list("event_type__name", "contact"))
    assert found == {"Ticket opened": ann.pk, "Ticket solved": None}
