"""The calendar feed: written as the standard asks, read by a secret address, and nobody else's."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from playbooks import lifecycle
from playbooks.calendar import feeds
from playbooks.calendar.ics import DayEvent, calendar, folded, text
from playbooks.models import CalendarFeed
from records.models import Contract
from tests.conftest import NOW

TODAY = NOW.date()


def unfolded(body):
    return body.replace("\r\n ", "").split("\r\n")


def test_lines_end_as_the_standard_asks_and_are_folded_at_75_octets_between_letters():
    body = calendar("Ada", [DayEvent("a@b", date(2026, 6, 20), "é" * 100, url="https://x.example/")], now=NOW)
    lines = body.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in body.replace("\r\n", "")
    assert f"SUMMARY:{'é' * 100}" in unfolded(body)


@pytest.mark.parametrize("line", ["", "x" * 75, "x" * 76, "я" * 200, "😀" * 50, "x" * 74 + "é"])
def test_what_is_folded_is_the_same_unfolded(line):
    parts = list(folded(line))
    assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == line
    assert all(part.startswith(" ") for part in parts[1:])
    assert max(len(part.encode()) for part in parts) <= 75


def test_nothing_that_is_written_ends_a_line_or_a_value():
    assert text("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"
    forged = calendar("x", [DayEvent("a@b", TODAY, "a\r\nEND:VEVENT\r\nBEGIN:VALARM")], now=NOW)
    assert "BEGIN:VALARM" not in forged.split("\r\n")


def test_a_day_is_a_whole_day():
    body = unfolded(calendar("x", [DayEvent("a@b", date(2026, 6, 30), "x")], now=NOW))
    assert "DTSTART;VALUE=DATE:20260630" in body
    assert "DTEND;VALUE=DATE:20260701" in body
    assert "DTSTAMP:20260615T120000Z" in body


@pytest.fixture
def read(ada):
    token = feeds.make(ada, now=NOW)

    def look(address=f"/calendar/{token}.ics"):
        with time_machine.travel(NOW, tick=False):
            return Client().get(address)

    return look


def test_it_holds_my_open_tasks_with_a_day_and_renewals_of_my_customers(read, acme, other, ada, bob):
    for title, fields in (
        ("Mine", {"assignee": ada, "due_on": TODAY}),
        ("Of Bob", {"assignee": bob, "due_on": TODAY}),
        ("No day", {"assignee": ada}),
        ("Far away", {"assignee": ada, "due_on": TODAY + timedelta(days=500)}),
    ):
        lifecycle.add(acme, title=title, kind="call", by=ada, now=NOW, **fields)
    finished = lifecycle.add(acme, title="Finished", assignee=ada, due_on=TODAY, by=ada, now=NOW)
    lifecycle.finish(finished, by=ada, now=NOW)
    for customer, ends_on in ((acme, None), (acme, TODAY), (other, None)):
        Contract.objects.create(
            customer=customer, name="Annual", currency="EUR", starts_on=TODAY, ends_on=ends_on,
            renews_on=TODAY + timedelta(days=30),
        )  # fmt: skip
    response = read()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    summaries = [line for line in unfolded(response.content.decode()) if line.startswith("SUMMARY")]
    assert summaries == ["SUMMARY:Call: Mine (Acme)", "SUMMARY:Renewal: Acme (Annual)"]


def test_it_holds_nothing_of_customers_one_may_not_see_any_more(read, acme, ada):
    lifecycle.add(acme, title="Mine", assignee=ada, due_on=TODAY, by=ada, now=NOW)
    acme.owner = None
    acme.save()
    ada.is_limited = True
    ada.save()
    assert "Mine" not in read().content.decode()


def test_the_address_is_shown_once_and_stored_as_a_hash(ada):
    page = Client()
    page.force_login(ada)
    shown = page.post("/playbooks/calendar/", {"make": "yes"}).content.decode()
    token = shown.partition("localhost:8000/calendar/")[2].partition(".ics")[0]
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    assert token not in page.get("/playbooks/calendar/").content.decode()
    assert token.encode() not in bytes(CalendarFeed.objects.get().token_hash)


def test_a_new_address_ends_the_one_before_and_it_can_be_ended(read, ada):
    assert read().status_code == 200
    newer = f"/calendar/{feeds.make(ada, now=NOW)}.ics"
    assert (read().status_code, read(newer).status_code) == (404, 200)
    page = Client()
    page.force_login(ada)
    page.post("/playbooks/calendar/", {"end": "yes"})
    assert read(newer).status_code == 404


def test_whoever_left_has_no_calendar_any_more(read, ada):
    ada.is_active = False
    ada.save()
    assert read().status_code == 404


def test_a_wrong_address_leads_nowhere_and_only_reading_is_taken(read, begun):
    assert read("/calendar/nothing.ics").status_code == 404
    assert Client().post("/calendar/nothing.ics").status_code == 405


def test_two_queries_and_one_for_the_address(read, acme, ada, django_assert_num_queries):
    for _ in range(5):
        lifecycle.add(acme, title="Mine", assignee=ada, due_on=TODAY, by=ada, now=NOW)
    with django_assert_num_queries(3):
        read()


def test_each_has_their_own(ada, bob):
    tokens = {feeds.make(ada, now=NOW), feeds.make(bob, now=NOW)}
    assert {feeds.reader(token) for token in tokens} == {ada, bob}
