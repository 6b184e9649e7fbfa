"""Words in the timeline: one spelling, all that an event tells, so many events a page, and nobody else's."""

import re
from datetime import timedelta

import pytest

from customers.models import Contact
from desk.timeline import words
from tests.conftest import NOW
from tests.pages import cast
from tests.queries import page_queries


def found(page, customer, text, **query):
    seen = page(f"/customers/{customer.pk}/timeline/", q=text, **query)
    return re.findall(r"no: (\d+)", seen)


@pytest.fixture
def events(acme):
    ann = Contact.objects.create(customer=acme, name="Zoë Łukaszewicz", email="zoe@acme.example", created_at=NOW)
    told = [
        ("Page viewed", None, {"name": "Pricing no: 1", "path": "/prix"}),
        ("Feature used", ann, {"feature": "Отчёт", "no": 2}),
        ("Feature used", None, {"feature": "Export", "no": 3, "deep": {"hidden": "treasure"}}),
        ("Report created", ann, {"no": 4}),
    ]
    for i, (name, who, sent) in enumerate(told):
        cast.happened(acme, name, NOW - timedelta(hours=i), who, properties=sent)
    other = cast.customer("Other")
    cast.happened(other, "Feature used", NOW, properties={"feature": "Export", "no": 9})
    return acme


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("pricing", ["1"]),
        ("PRIC", ["1"]),
        ("отчет", ["2"]),
        ("otchet", ["2"]),
        ("zoe", ["2", "4"]),
        ("lukaszewicz feature", ["2"]),
        ("report created", ["4"]),
        ("export", ["3"]),
        ("treasure", []),  # what is nested is not shown either
        ("feature nobody", []),
        ("pr", ["1"]),  # short: it begins a word
        ("ri", []),
    ],
)
def test_words_are_found_however_they_are_typed(page, events, text, numbers):
    assert found(page, events, text) == numbers


def test_words_in_the_readers_language_name_events_too(page, client, events):
    client.cookies["django_language"] = "fr"
    seen = page(f"/customers/{events.pk}/timeline/", q="rapport cree")
    assert re.findall(r"no: (\d+)", seen) == ["4"]


def test_words_go_with_the_other_filters(page, events):
    assert found(page, events, "zoe", channel="web") == []
    assert found(page, events, "no", channel="web") == ["1"]
    assert found(page, events, "zoe", since="2026-06-16") == []


@pytest.mark.parametrize("text", ["!!!", "a\0b", "x" * 201])
def test_what_holds_no_word_finds_nothing_and_says_so(page, events, text):
    seen = page(f"/customers/{events.pk}/timeline/", q=text)
    assert "This filter is not valid, so no events are shown." in seen
    assert "no: " not in seen


def test_a_page_reads_so_many_events_and_the_next_goes_on(page, acme, monkeypatch):
    monkeypatch.setattr(words, "READ", 4)
    for i in range(11):
        reply = "yes" if i % 5 == 3 else "nothing"
        cast.happened(acme, "Feature used", NOW - timedelta(days=i), properties={"n": f"no: {i}", "reply": reply})
    address, numbers, days = f"/customers/{acme.pk}/timeline/", [], []
    seen = page(address, q="yes")
    while True:
        numbers += re.findall(r"no: (\d+)", seen)
        days += re.findall(r"Searched back to (\d+ \w+ \d+)", seen)
        query = re.search(r'rel="next" href="([^"]*)"', seen)
        if query is None:
            break
        seen = page(address + query[1].replace("&amp;", "&"))
    assert numbers == ["3", "8"]
    assert days == ["12 Jun 2026", "8 Jun 2026"]


def test_searching_asks_as_often_for_one_event_as_for_hundreds(client, acme):
    address = f"/customers/{acme.pk}/timeline/"
    cast.happened(acme, "Feature used", NOW, properties={"feature": "Export"})
    plain, searched = page_queries(client, address), page_queries(client, address, q="export")
    # The session, the colleague, the customer, contacts and event types to choose from, the events; then those found.
    assert (plain, searched) == ((6, 0), (7, 0))
    for i in range(200):
        cast.happened(acme, "Feature used", NOW - timedelta(minutes=i), properties={"feature": "Export", "n": i})
    assert (page_queries(client, address), page_queries(client, address, q="export")) == (plain, searched)
    assert page_queries(client, address, q="nothing of it").view == searched.view - 1
