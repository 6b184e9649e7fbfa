"""Contracts, invoices, tickets and notes: a row and its events in one transaction, and inputs as they became known."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from customers import lifecycle
from customers.models import InputLog
from events.models import Event, Flag
from records import contracts, due, invoices, keys, notes, tickets
from records.models import Contract, Invoice, Note, Ticket
from tests.conftest import NOW
from tests.pages import cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def ago(days):
    return TODAY - timedelta(days=days)


def events():
    found = Event.objects.live().order_by("occurred_at", "id").values_list("event_type__name", "occurred_at")
    return [(name, (TODAY - at.date()).days) for name, at in found]


def known(name):
    return list(InputLog.objects.filter(name=name).order_by("known_on").values_list("number", "text"))


def invoice(acme, **more):
    row = {
        "customer_id": acme,
        "external_id": "in-1",
        "number": "2026-1",
        "issued_on": ago(40),
        "due_on": ago(10),
        "amount": 250,
        "currency": "EUR",
        "paid_on": None,
    }
    return invoices.write([{**row, **more}], now=NOW)[0]


def test_an_unpaid_invoice_is_issued_and_overdue_and_its_amount_an_input(acme):
    invoice(acme)
    assert events() == [("Invoice issued", 40), ("Invoice overdue", 9)]
    assert known("overdue") == [(250_000, None)]


def test_paying_it_is_one_more_event_and_nothing_is_overdue(acme):
    invoice(acme)
    invoice(acme, paid_on=ago(2))
    assert events() == [("Invoice issued", 40), ("Invoice overdue", 9), ("Invoice paid", 2)]
    assert Invoice.objects.count() == 1
    assert known("overdue") == [(0, None)]


@pytest.mark.parametrize("amount", [0, -200])
def test_nothing_of_0_or_below_is_ever_overdue(acme, amount, client):
    """A credit note past its day is nothing anybody owes; beside a debt, it takes nothing off what is overdue."""
    invoice(acme, amount=amount)
    assert events() == [("Invoice issued", 40)]
    assert known("overdue") == [(0, None)]
    assert due.tell(now=NOW) == 0
    invoice(acme, external_id="in-2", amount=30)
    assert events() == [("Invoice issued", 40), ("Invoice issued", 40), ("Invoice overdue", 9)]
    assert known("overdue") == [(30_000, None)]
    client.force_login(cast.colleague("Maya"))
    page = client.get(f"/customers/{acme}/").content.decode()
    assert page.count("overdue, was due") == 1 and "Ask about €30 overdue" in page


@pytest.mark.parametrize("amount", [0, -200])
def test_in_a_declared_history_too(acme, amount):
    row = {"customer_id": acme, "number": "7", "issued_on": ago(40), "due_on": ago(10), "currency": "EUR"}
    invoices.write([{**row, "amount": amount}], now=NOW, history=True)
    assert not Event.objects.filter(event_type__name="Invoice overdue").exists()
    assert {number for number, _ in known("overdue")} == {0}


def test_an_invoice_paid_in_time_was_never_overdue(acme):
    invoice(acme, paid_on=ago(10))
    assert events() == [("Invoice issued", 40), ("Invoice paid", 10)]


def test_a_cancelled_invoice_means_nothing(acme):
    invoice(acme, is_void=True)
    assert events() == []
    assert known("overdue") == [(0, None)]


def test_amounts_in_a_currency_without_a_rate_are_left_out(acme):
    invoice(acme, currency="XTS")
    assert known("overdue") == [(0, None)]


def test_what_time_alone_makes_overdue_is_noted_once_a_day(acme):
    invoice(acme, due_on=TODAY)
    assert events() == [("Invoice issued", 40)]
    tomorrow = NOW + timedelta(days=1)
    assert due.tell(now=tomorrow) == 1
    assert due.tell(now=tomorrow) == 0
    due.tell(now=NOW + timedelta(days=2))
    assert [name for name, _ in events()] == ["Invoice issued", "Invoice overdue"]
    assert known("overdue") == [(0, None), (250_000, None)]


def ticket(acme, **more):
    row = {
        "customer_id": acme,
        "external_id": "t-1",
        "subject": "Export fails",
        "opened_at": NOW - timedelta(days=3),
        "first_response_at": NOW - timedelta(days=3) + timedelta(hours=2),
        "escalated_at": None,
        "solved_at": None,
    }
    return tickets.write([{**row, **more}], now=NOW)[0]


def test_an_open_ticket_is_an_event_and_three_inputs(acme):
    ticket(acme)
    assert events() == [("Ticket opened", 3)]
    assert known("open_tickets") == [(1_000, None)]
    assert known("oldest_open_ticket") == [(None, ago(3).isoformat())]
    assert known("first_response_wait") == [(2_000, None)]


def test_a_solved_ticket_leaves_none_open(acme):
    ticket(acme)
    ticket(acme, escalated_at=NOW - timedelta(days=2), solved_at=NOW - timedelta(days=1))
    assert events() == [("Ticket opened", 3), ("Ticket escalated", 2), ("Ticket solved", 1)]
    assert known("open_tickets") == [(0, None)]
    assert known("oldest_open_ticket") == [(None, None)]
    assert Ticket.objects.count() == 1


def test_nothing_happens_to_a_ticket_before_it_opens(acme):
    with pytest.raises(IntegrityError), transaction.atomic():
        ticket(acme, solved_at=NOW - timedelta(days=4))
    assert events() == []


def note(acme, **more):
    row = {"customer_id": acme, "kind": "call", "text": "They like it.", "pulse": "green", "at": NOW}
    return notes.write([{**row, **more}], now=NOW)[0]


@pytest.mark.parametrize(
    ("kind", "event"), [("note", "Note logged"), ("call", "Call logged"), ("meeting", "Meeting held")]
)
def test_each_kind_of_note_is_an_event_of_its_own(acme, kind, event):
    note(acme, kind=kind)
    assert events() == [(event, 0)]


def test_what_was_written_is_not_copied_into_the_log(acme):
    note(acme)
    assert "They like it." not in str(Event.objects.get().properties)


def test_the_pulse_is_an_input_and_a_note_without_one_leaves_it(acme):
    note(acme)
    note(acme, pulse="")
    assert known("pulse") == [(100_000, "green")]
    note(acme, pulse="red")
    assert known("pulse") == [(0, "red")]
    assert Note.objects.count() == 3


def test_the_later_of_two_pulses_counts_whatever_their_order(acme):
    row = {"customer_id": acme, "text": "x"}
    early, late = {**row, "pulse": "red", "at": NOW - timedelta(hours=2)}, {**row, "pulse": "green", "at": NOW}
    notes.write([late, early], now=NOW)
    assert known("pulse") == [(100_000, "green")]


def contract(acme, **more):
    row = {"customer_id": acme, "external_id": "c-1", "name": "Gold", "starts_on": ago(5), "currency": "EUR"}
    return contracts.sign([{**row, **more}], now=NOW)[0]


def test_a_contract_is_signed_once_however_often_it_is_written(acme):
    first = contract(acme, monthly_value=100)
    again = contract(acme, monthly_value=120)
    assert first.id == again.id
    assert events() == [("Contract signed", 5)]
    assert Event.objects.live().get().value == 120_000
    assert Contract.objects.get().monthly_value == 120


def test_what_is_not_named_stays_as_it_is(acme):
    contract(acme, monthly_value=100)
    contract(acme)
    assert Contract.objects.get().monthly_value == 100


def test_a_contract_that_starts_next_month_is_signed_on_that_day(acme):
    contract(acme, starts_on=TODAY + timedelta(days=20))
    assert events() == []
    assert due.tell(now=NOW + timedelta(days=19)) == 0
    assert due.tell(now=NOW + timedelta(days=20)) == 1
    assert events() == [("Contract signed", -20)]
    assert Event.objects.get().flags == Flag.RECORD


def test_an_id_of_another_system_belongs_to_one_customer(acme):
    other = lifecycle.upsert([{"company_id": "birch"}], now=NOW)["birch"]
    ticket(acme)
    with pytest.raises(keys.BelongsElsewhere):
        ticket(other)
    invoice(other, external_id="t-1")  # of another kind: another system numbers them
    assert (Ticket.objects.count(), Invoice.objects.count()) == (1, 1)
