"""A customer who is a person reads as one: no list of one, no share of contacts."""

from datetime import timedelta

import pytest

from customers.models import Contact
from events.models import ActiveDay
from tests.conftest import NOW
from tests.pages import cast

TABS = ("", "timeline/", "notes/", "answers/", "score/", "tasks/")
OF_SEVERAL = ("active in 30 days", "Share of active contacts", "most active contact", "All contacts", "No contacts yet")
OF_SEVERAL += ("Add a contact", "number of contacts", "inactive champion")


@pytest.fixture
def ann(maya):
    return cast.customer("Ann Li", kind="person", owner=maya)


def contact(customer, **fields):
    row = {"name": "Ann Li", "email": "ann@li.example", "role": "Buyer", "locale": "fr-CH", "created_at": NOW}
    return Contact.objects.create(customer=customer, **{**row, **fields})


def test_they_are_reached_by_one_address(page, ann):
    known = contact(ann)
    for days in (1, 2):
        day = cast.TODAY - timedelta(days=days)
        ActiveDay.objects.create(customer=ann, contact=known, day=day, known_on=day)
    seen = page(f"/customers/{ann.pk}/")
    for words in ("ann@li.example", "Buyer", "fr-CH", "yesterday, on 2 of 30 days", "How to reach them", ">Person<"):
        assert words in seen, words
    assert f"/contacts/{known.pk}/" in seen


def test_nothing_on_any_tab_speaks_of_several(page, ann):
    known = contact(ann)
    cast.counted(ann, "Order completed", 0)
    for days in range(40, 60):
        day = cast.TODAY - timedelta(days=days)
        ActiveDay.objects.create(customer=ann, contact=known, day=day, known_on=day)
    for tab in TABS:
        seen = page(f"/customers/{ann.pk}/{tab}")
        assert [words for words in OF_SEVERAL if words in seen] == [], tab
    assert "Ann Li has been inactive for 40 days: get in touch." in page(f"/customers/{ann.pk}/")
    assert "Active or not" in page(f"/customers/{ann.pk}/score/")


def test_without_an_address_one_can_be_added(page, ann):
    seen = page(f"/customers/{ann.pk}/")
    assert "No e-mail address is known yet." in seen
    assert "Add an e-mail address" in seen
    assert [words for words in OF_SEVERAL if words in seen] == []


def test_of_two_contacts_none_is_hidden(page, ann):
    contact(ann)
    contact(ann, email="second@li.example")
    seen = page(f"/customers/{ann.pk}/")
    assert "ann@li.example" in seen and "second@li.example" in seen
    assert "active in 30 days" not in seen


def test_a_company_keeps_its_list(page, maya):
    acme = cast.customer("Acme", owner=maya)
    contact(acme)
    seen = page(f"/customers/{acme.pk}/")
    assert "1 active in 30 days" in seen or "0 of 1 active in 30 days" in seen
    assert ">Person<" not in seen
