"""Contacts, records and past events by file: each found again, so that a file twice is a file once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from customers.lifecycle import upsert
from customers.models import Contact
from events.models import Event, Rejected
from imports import lifecycle
from imports.jobs import work
from imports.models import StagedRow, State
from imports.problems import describe
from records.models import Contract, Invoice, Note, Ticket
from scoring.models import ScoreHistory
from scoring.runs import history
from staff.models import Role
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file
from tests.imports.steps import wrong

pytestmark = pytest.mark.django_db

FILES = {
    "contacts": csv_file(
        "Company id,User id,E-mail,Name,No surveys",
        "acme,u1,kim@acme.example,Kim,yes",
        "acme,,li@acme.example,Li,no",
    ),
    "contracts": csv_file(
        "Company id,Contract,Start,Renewal,Monthly value",
        "acme,Annual,2026-01-01,2027-01-01,100",
        "acme,Annual,2025-01-01,,90",
    ),
    "invoices": csv_file(
        "Company id,Invoice number,Date,Due,Amount,Currency",
        "acme,1,2026-01-31,2026-02-28,10.50,EUR",
        "acme,2,2026-02-28,,5,USD",
    ),
    "tickets": csv_file(
        "Company id,Subject,Created,Closed",
        "acme,Help,2026-01-31 10:00,",
        "acme,Help,2026-01-31 10:00,2026-02-01 09:00",
    ),
    "notes": csv_file(
        "Company id,At,Kind,Text,Pulse,Author",
        "acme,2026-01-31,Call,Hello,red,lea@example.com",
        "acme,2026-02-01,,Hi,,",
    ),
    "events": csv_file(
        "Company id,Event,At,Value,Page",
        "acme,Report created,2026-06-01 10:00,5,a",
        "acme,Report created,2026-06-01 10:00,5,a",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_twice_is_a_file_once(bring, acme, kind):
    job = bring(kind, FILES[kind])
    assert (job.state, job.written) == (State.DONE, {"bad": 0, "new": 2})
    before = Event.objects.count()
    again = bring(kind, FILES[kind])
    assert again.written == {"bad": 0, "same": 2}
    assert (again.found, Event.objects.count()) == ({"bad": 0, "same": 2}, before)
    assert not Rejected.objects.exists()


def test_contacts_arrive_with_what_they_opted_out_of(bring, acme):
    bring("contacts", FILES["contacts"])
    kim = Contact.objects.get(name="Kim")
    assert (kim.customer_id, kim.email, kim.survey_opt_out) == (acme, "kim@acme.example", True)
    job = bring("contacts", csv_file("Company id,User id,Name", "acme,u1,Kim Li", "acme,,Nobody"))
    assert (job.written, Contact.objects.get(pk=kim.pk).name) == ({"bad": 1, "changed": 1}, "Kim Li")


def test_a_record_with_an_id_is_the_same_record_whatever_else_changes(bring, acme):
    header = "Company id,Id,Contract,Start,Ended on"
    bring("contracts", csv_file(header, "acme,c-1,Annual,2026-01-01,"))
    job = bring("contracts", csv_file(header, "acme,c-1,Annual plan,2026-02-01,2026-03-01"))
    assert job.written == {"bad": 0, "changed": 1}
    contract = Contract.objects.get()
    assert (contract.name, contract.starts_on, contract.ends_on) == ("Annual plan", date(2026, 2, 1), date(2026, 3, 1))


def test_a_record_without_an_id_is_found_by_what_names_it(bring, acme):
    bring("tickets", csv_file("Company id,Subject,Opened,Solved", "acme,Help,2026-01-31 10:00,"))
    bring("tickets", csv_file("Company id,Subject,Opened,Solved", "acme,Help,2026-01-31 10:00,2026-02-01 10:00"))
    assert Ticket.objects.get().solved_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    bring("invoices", csv_file("Company id,Number,Issued on,Amount,Paid", "acme,7,2026-01-31,10,"))
    bring("invoices", csv_file("Company id,Number,Issued on,Amount,Paid", "acme,7,2026-01-31,12,2026-02-01"))
    assert (Invoice.objects.get().amount, Invoice.objects.get().paid_on) == (Decimal(12), date(2026, 2, 1))


def test_notes_name_their_author_and_their_kind_in_words(bring, acme, lea):
    bring("notes", FILES["notes"])
    call, note = Note.objects.order_by("at")
    assert (call.kind, call.pulse, call.author) == ("call", "red", lea)
    assert (note.kind, note.pulse, note.author) == ("note", "", None)


def test_what_a_record_cannot_be_is_told_before_anything_is_written(bring, acme):
    job = bring(
        "contracts",
        csv_file(
            "Company id,Contract,Start,Ended on", "acme,A,2026-02-01,2026-01-01", "nobody,B,2026-01-01,", "acme,,,"
        ),
    )
    assert wrong(job) == {
        2: [("Ended on", "order")],
        3: [("Company id", "no company")],
        4: [("Contract", "required"), ("Start", "required")],
    }
    assert not Contract.objects.exists()


def test_the_contact_of_a_ticket_must_be_the_customers(bring, acme):
    bring("contacts", FILES["contacts"])
    job = bring(
        "tickets",
        csv_file(
            "Company id,Subject,Opened,Contact", "acme,A,2026-01-01,li@acme.example", "acme,B,2026-01-01,x@y.example"
        ),
    )
    assert Ticket.objects.get().contact == Contact.objects.get(name="Li")
    assert wrong(job) == {3: [("", "no contact")]}


def test_events_say_what_they_cannot_be(bring, acme):
    job = bring(
        "events",
        csv_file(
            "Company id,Event,At,Event id",
            "acme,Signed in,2026-06-15 13:00,1",
            "acme,Signed in,2010-06-01,2",
            "acme,Signed in,2026-06-01,3",
            "acme,Signed in,2026-06-02,3",
        ),
    )
    assert {number: codes[0][1] for number, codes in wrong(job).items()} == {2: "too late", 3: "refused", 5: "repeated"}
    assert Event.objects.count() == 1


def test_events_keep_their_other_columns_as_properties(bring, acme, lea):
    job = steps.upload("events", FILES["events"], lea)
    steps.run(steps.check(job, [*job.mapping[:-1], "+"]))
    assert [event.properties for event in Event.objects.all()] == [{"Page": "a", "value": 5.0}] * 2


def test_history_is_known_on_its_day_and_past_scores_are_written_again(begun, acme, lea):
    later = NOW + timedelta(days=3)
    history.close_days(now=later)
    body = csv_file("Company id,Event,At", *(f"acme,Report created,2026-06-1{day} 10:00" for day in range(5, 7)))
    for declared in (False, True):
        job = steps.upload("events", body.replace(b"10:00", b"11:00") if declared else body, lea)
        lifecycle.check(job, job.mapping, history=declared, chosen={})
        work.go_on(clock=lambda: later)
        lifecycle.start(job)
        work.go_on(clock=lambda: later)
        job.refresh_from_db()
        assert job.written == {"bad": 0, "new": 2}
    known = set(Event.objects.values_list("known_on", "occurred_at__day"))
    assert known == {(later.date(), 15), (later.date(), 16), (date(2026, 6, 15), 15), (date(2026, 6, 16), 16)}
    engagement = ScoreHistory.objects.filter(customer=acme).order_by("day").values_list("day", "engagement")
    assert [day for day, _ in engagement][:2] == [date(2026, 6, 15), date(2026, 6, 16)]
    points = [points for _, points in engagement]
    assert points[0] and points[1] > points[0]


BROUGHT = {
    "contracts": ("Id,Company id,Name,Start", "2026-01-01", "a contract of"),
    "invoices": ("Id,Company id,Number,Date,Amount", "2026-01-01,5", "an invoice of"),
    "tickets": ("Id,Company id,Subject,Created", "2026-01-01 10:00", "a ticket of"),
    "notes": ("Id,Company id,Text,At", "2026-01-01 10:00", "a note about"),
}


def words(job):
    """Return row number → what is wrong with it, as a reader sees it."""
    rows = StagedRow.objects.filter(of=job, becomes="bad")
    return {row.number: [describe(problem) for problem in row.problems] for row in rows}


@pytest.mark.parametrize("kind", BROUGHT)
def test_an_id_of_another_customers_record_is_wrong(bring, acme, kind):
    upsert([{"company_id": "bug-1", "name": "Bug One"}], now=NOW)
    header, rest, article = BROUGHT[kind]
    bring(kind, csv_file(header, f"INV-77,bug-1,First,{rest}"))
    job = bring(kind, csv_file(header, f"INV-77,acme,Second,{rest}", f"INV-78,acme,Third,{rest}"))
    assert job.written == {"bad": 1, "new": 1}
    assert words(job) == {2: [f"“INV-77” is {article} Bug One."]}


def test_of_two_rows_with_one_id_the_second_is_wrong(bring, acme):
    upsert([{"company_id": "bug-1", "name": "Bug One"}], now=NOW)
    header, rest, _article = BROUGHT["invoices"]
    job = bring("invoices", csv_file(header, f"INV-77,acme,1,{rest}", f"INV-77,bug-1,2,{rest}"))
    assert job.written == {"bad": 1, "new": 1}
    assert words(job) == {3: ["“INV-77” is an invoice of Acme."]}
    assert Invoice.objects.get().number == "1"


def test_whose_a_record_is_is_said_only_to_who_may_see_them(bring, acme, lea):
    upsert([{"company_id": "bug-1", "name": "Bug One"}], now=NOW)
    header, rest, _article = BROUGHT["invoices"]
    bring("invoices", csv_file(header, f"INV-77,bug-1,1,{rest}"))
    lea.role, lea.is_limited = Role.CSM, True
    lea.save()
    job = bring("invoices", csv_file(header, f"INV-77,acme,1,{rest}"))
    assert words(job) == {2: ["“INV-77” belongs to another customer."]}
