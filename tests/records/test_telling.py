"""What a record no longer says is withdrawn and what it says now is told, each once, under an act that names it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import lifecycle
from customers.models import Act, Customer, InputLog
from desk.timeline.timeline import FLAG_WORDS
from events.api.views import EventOut
from events.models import DailyCount, Event, Flag
from records import due, invoices, leaving, notes, tickets
from records.models import Invoice, Note
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log
from tests.pages import cast
from tests.records import lives, twins

TODAY = NOW.date()


def later(number):
    return NOW + timedelta(days=number)


def write(customer, now=NOW, **more):
    row = {"customer_id": customer, "external_id": "INV-7", "number": "7", "issued_on": lives.day(-20), "amount": 100}
    return invoices.write([{**row, "currency": "EUR", "paid_on": None, **more}], now=now, by=more.pop("by", None))[0]


def told():
    """Return type, day, first and last day known, of all events."""
    rows = Event.objects.order_by("id").values_list("event_type__name", "day", "known_on", "void_on")
    return [(name, *((day - TODAY).days if day else None for day in days)) for name, *days in rows]


def test_a_payment_taken_back_and_made_again_is_told_as_it_was_known(acme):
    write(acme, paid_on=lives.day(0))
    write(acme, now=later(2))
    write(acme, now=later(7), paid_on=lives.day(7))
    assert told() == [("Invoice issued", -20, 0, None), ("Invoice paid", 0, 0, 2), ("Invoice paid", 7, 7, None)]
    counts_are_those_of_the_log()


def test_the_act_names_the_record_and_what_it_withdrew(acme):
    ada = cast.colleague("Ada")
    invoice = write(acme, paid_on=lives.day(-1))
    invoices.write([{"customer_id": acme, **fields(invoice), "amount": 30}], now=NOW, by=ada)
    act = Act.objects.get()
    assert (act.kind, act.customer_id, act.by, act.at) == (Act.Kind.RECORD, acme, ada, NOW)
    assert act.detail == {
        "model": "invoice",
        "record": str(invoice.id),
        "name": "7",
        "events": 2,
        "first": lives.day(-20).isoformat(),
        "last": lives.day(-1).isoformat(),
    }
    assert set(Event.objects.exclude(void_on=None).values_list("void_act", flat=True)) == {act.pk}


def fields(record):
    return {name: value for name, value in leaving.fields(record).items() if name != "customer_id"}


def test_an_act_of_a_note_says_nothing_of_what_was_written(acme):
    row = {"customer_id": acme, "external_id": "n", "kind": "call", "text": "They are furious", "at": NOW}
    notes.write([row], now=NOW)
    notes.write([{**row, "kind": "meeting"}], now=NOW)
    assert "furious" not in str(Act.objects.get().detail)


def test_events_of_records_are_marked_as_such_and_the_mark_is_shown_nowhere(acme):
    write(acme)
    assert set(Event.objects.values_list("flags", flat=True)) == {Flag.RECORD}
    assert EventOut().get_flags(Event.objects.get()) == []
    assert Flag.RECORD not in FLAG_WORDS


def test_what_is_later_today_is_told_as_now_and_not_again(acme):
    row = {"customer_id": acme, "external_id": "t", "subject": "Slow", "opened_at": NOW + timedelta(hours=3)}
    tickets.write([row], now=NOW)
    assert Event.objects.get().occurred_at == NOW
    for now in (NOW + timedelta(hours=5), later(1), later(2)):
        tickets.write([row], now=now)
        due.tell(now=now)
    assert Event.objects.count() == 1
    assert not Act.objects.exists()


def test_days_on_which_no_worker_ran_are_made_up_for(acme):
    write(acme, due_on=lives.day(3), paid_on=lives.day(50))
    assert due.tell(now=later(200)) == 2
    assert told()[1:] == [("Invoice overdue", 4, 200, None), ("Invoice paid", 50, 200, None)]
    assert due.tell(now=later(201)) == 0


def test_what_is_paid_in_2030_is_not_paid(acme, client, time_stands_still):
    write(acme, due_on=lives.day(-9), paid_on=date(2030, 1, 1))
    assert [name for name, *_ in told()] == ["Invoice issued", "Invoice overdue"]
    assert InputLog.objects.get(name="overdue").number == 100_000
    client.force_login(cast.colleague("Maya"))
    page = client.get(f"/customers/{acme}/").content.decode()
    assert "overdue, was due" in page and "Ask about €100 overdue" in page and "2030" not in page


def test_a_ticket_solved_tomorrow_is_open_on_the_page(acme, client, time_stands_still):
    row = {"customer_id": acme, "subject": "Slow", "opened_at": NOW, "escalated_at": later(1), "solved_at": later(1)}
    tickets.write([row], now=NOW)
    client.force_login(cast.colleague("Maya"))
    page = client.get(f"/customers/{acme}/").content.decode()
    assert "Slow" in page and ">escalated<" not in page


def test_the_pulse_of_a_deleted_note_gives_way_to_that_of_the_one_before(acme):
    row = {"customer_id": acme, "text": "x"}
    notes.write([{**row, "pulse": "green", "at": later(-2)}, {**row, "pulse": "red", "at": later(-1)}], now=NOW)
    leaving.delete(Note.objects.get(pulse="red"), now=later(1))
    leaving.delete(Note.objects.get(pulse="green"), now=later(2))
    logged = InputLog.objects.filter(name="pulse").order_by("known_on").values_list("number", "text")
    assert list(logged) == [(0, "red"), (100_000, "green"), (None, None)]


def test_a_moved_record_bears_on_neither_the_one_nor_twice_on_the_other(acme):
    birch = lifecycle.upsert([{"company_id": "birch"}], now=NOW)["birch"]
    stored = write(acme, due_on=lives.day(-9))
    moved = leaving.move(stored, Customer.objects.get(pk=birch), now=later(3))
    invoices.write([{**leaving.fields(moved)}], now=later(3))
    live = Event.objects.live().values_list("customer", "event_type__name")
    assert sorted(live) == [(birch, "Invoice issued"), (birch, "Invoice overdue")]
    last = dict(InputLog.objects.filter(name="overdue").order_by("known_on").values_list("customer", "number"))
    assert last == {acme: None, birch: 100_000}
    assert [(act.customer_id, act.detail["to"]) for act in Act.objects.all()] == [(acme, birch)]
    assert list(Invoice.objects.values_list("customer", flat=True)) == [birch]
    counts_are_those_of_the_log()


def test_a_history_told_again_changes_no_day_that_is_over(acme):
    row = {"customer_id": acme, "number": "7", "issued_on": lives.day(-40), "currency": "EUR", "external_id": "7"}
    invoices.write([{**row, "amount": 100}], now=NOW, history=True)
    before = list(DailyCount.objects.filter(known_on__lt=TODAY).values())
    invoices.write([{**row, "amount": 30}], now=NOW, history=True)
    assert list(DailyCount.objects.filter(known_on__lt=TODAY).values()) == before
    assert told() == [("Invoice issued", -40, -40, 0), ("Invoice issued", -40, 0, None)]
    assert Event.objects.live().get().value == 30_000


def test_a_record_older_than_ten_years_is_told_too(acme):
    write(acme, issued_on=date(2010, 1, 1))
    assert Event.objects.get().day == date(2010, 1, 1)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_days_at_the_ends_of_the_calendar_are_days(acme, day):
    write(acme, issued_on=date(1, 1, 1), due_on=day, paid_on=day)
    due.tell(now=later(1))


def rows(acme, number, **more):
    row = {"customer_id": acme, "issued_on": lives.day(-9), "amount": 10, "currency": "EUR", "paid_on": None}
    return [{**row, "external_id": f"i{n}", "number": f"{n}", **more} for n in range(number)]


def queries(acme, number, **more):
    with CaptureQueriesContext(connection) as captured:
        invoices.write(rows(acme, number, **more), now=NOW)
    return len(captured)


def test_what_says_nothing_new_costs_the_same_however_much_it_is(acme):
    invoices.write(rows(acme, 60), now=NOW)
    assert queries(acme, 1) == queries(acme, 60) == 12


def test_so_does_what_is_withdrawn_and_told_again(acme):
    invoices.write(rows(acme, 60), now=NOW)
    few, many = queries(acme, 1, amount=20), queries(acme, 60, amount=30)
    assert many <= few + 1  # one has been told twice before
    assert Event.objects.live().count() == 60
    assert Act.objects.count() == 61


class TestWhatWasWrittenBeforeThisWasKept:
    """`told` is null: the log is looked into, once."""

    @pytest.fixture
    def before(self, acme):
        stored = write(acme, due_on=lives.day(-9), paid_on=lives.day(-3))
        Invoice.objects.update(told=None)
        return stored

    def test_what_is_the_same_is_not_told_again(self, acme, before):
        write(acme, due_on=lives.day(-9), paid_on=lives.day(-3))
        assert len(told()) == 3 and Act.objects.count() == 0
        assert set(Invoice.objects.get().told) == {"issued", "overdue", "paid"}

    def test_what_differs_is(self, acme, before):
        write(acme, due_on=lives.day(-9))
        assert [name for name, _day, _known, void in told() if void is not None] == ["Invoice paid"]
        write(acme, due_on=lives.day(-9), paid_on=lives.day(-2))
        live = [(name, day) for name, day, _known, void in told() if void is None]
        assert live == [("Invoice issued", -20), ("Invoice overdue", -8), ("Invoice paid", -2)]
        counts_are_those_of_the_log()

    def test_a_deleted_one_withdraws_it(self, before):
        leaving.delete(before, now=NOW)
        assert not Event.objects.live().exists()
        assert Act.objects.get().detail["events"] == 3


def test_a_ticket_of_somebody_is_withdrawn_with_the_active_day(acme):
    person = twins.made("Twin", "ticket", [])
    person.write({"contact_id": "ann"}, now=NOW)
    assert twins.counts(person)[1] == [("ann", lives.day(-3))]
    person.write({"contact_id": "bob"}, now=later(1))
    assert twins.counts(person)[1] == [("bob", lives.day(-3))]
    counts_are_those_of_the_log()


def test_amounts_are_kept_to_the_cent(acme):
    write(acme, amount=Decimal("10.10"))
    write(acme, amount=Decimal("10.1"))
    assert Event.objects.count() == 1
