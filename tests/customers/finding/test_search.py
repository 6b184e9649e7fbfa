"""Customers and contacts are found by what people type: exactly, by the beginning, in the middle; then with slips."""

import pytest
from django.db.models import F

from core.db import search
from core.jobs import rederiving
from customers import lifecycle
from customers.finding import by_text
from customers.models import Contact, Customer, Identity
from tests.conftest import NOW
from tests.customers.finding import typed

pytestmark = pytest.mark.django_db


def first(text, **how):
    found = by_text.customers(Customer.objects.known(), text, **how)
    return [row.name for row in found.best_first.rows(found.rows, None, 100)]


def people(text):
    found = by_text.contacts(Contact.objects.known(), text)
    return [str(row) for row in found.best_first.rows(found.rows, None, 100)]


def test_at_least_120_pairs_are_tried():
    assert len(typed.TYPED) >= 120


def test_who_is_meant_comes_first(everybody):
    wrong = {text: (first(text)[:3], meant) for text, meant in typed.TYPED.items() if first(text)[:1] != [meant]}
    assert not wrong


def test_nobody_else_is_found_by_words_beyond_ascii(everybody):
    """But for whom the same word is part of, as "société" is of two."""
    others = {
        text: rest
        for text, meant in typed.TYPED.items()
        if not text.isascii() and (rest := [name for name in first(text) if name != meant and not shares(text, name)])
    }
    assert not others


def shares(text, name):
    return search.fits(text, search.lines(name))


def test_nobody_is_found_who_is_not_meant(everybody):
    assert not {text: found for text in typed.NOBODY if (found := [*first(text), *people(text)])}


def test_the_exact_id_comes_before_those_that_begin_so_and_brings_none_spelt_alike(everybody):
    assert first("ACC-010") == ["Łódź Zz", "Lodge Hotels"]
    assert first("acc-0101") == ["Lodge Hotels"]


def test_the_whole_name_comes_first_then_beginnings_then_the_middle(everybody):
    assert first("acme") == ["Acme", "Acme Poland", "Best Acme"]


def test_slips_are_forgiven_only_where_nobody_fits(everybody):
    found = by_text.customers(Customer.objects.known(), "globxe")
    assert found.is_nearly
    Customer.objects.create(name="Globxe", created_at=NOW)
    assert first("globxe") == ["Globxe"]


def test_who_asks_by_itself_is_not_forgiven_slips(everybody):
    assert first("globxe", is_forgiving=False) == []
    assert first("globex", is_forgiving=False) == ["Globex"]


def test_contacts_are_found_by_name_address_and_user_id(everybody):
    assert (
        people("berg") == people("BERG anna") == people("anna.berg@globex.example") == people("U-17") == ["Anna Berg"]
    )
    assert people("зоя") == people("zoya petrova") == people("петровп") == ["Зоя Петрова"]
    assert people("nunez") == people("núñze") == ["José Núñez"]


def test_who_matched_is_said(everybody):
    rows = list(Customer.objects.known())
    matched = by_text.who_matched(rows, "anna")
    assert {Customer.objects.get(pk=pk).name: str(contact) for pk, contact in matched.items()} == {
        "Globex": "Anna Berg"
    }
    assert by_text.who_matched(rows, "globex") == {}  # by its own name, though the contact's address has it, too


def test_old_rows_are_filled_in_and_what_does_not_follow_is_put_right(everybody):
    Customer.objects.filter(name="Globex").update(search=None)  # as the program of the release before writes it
    Customer.objects.filter(name="Acme").update(name="Emca", labels="x")
    Contact.objects.filter(name="Anna Berg").update(search="\n someone \n")
    Identity.objects.filter(value="CJ-2498").update(search=None)
    while rederiving.go_on(now=NOW):
        pass
    assert first("globex")[0] == "Globex" and first("emca") == ["Emca"] and people("anna") == ["Anna Berg"]
    assert first("cj2498") == ["Cinderfoss Training B.V."]
    assert not any(rederiving.rederive(model._default_manager.all()) for model in rederiving.models())
    assert not rederiving.go_on(now=NOW)  # once a week


def test_only_ids_that_people_type_are_searched(db):
    customer = Customer.objects.create(name="Acme", created_at=NOW)
    contact = Contact.objects.create(customer=customer, name="Ann", created_at=NOW)
    for kind in ("anonymous", "email", "part", "user", "hubspot"):
        Identity.objects.create(kind=kind, value=f"X-{kind}", contact=contact)
    searched = Identity.objects.filter(search__isnull=False).order_by("kind")
    assert list(searched.values_list("kind", "search")) == [("hubspot", "xhubspot"), ("user", "xuser")]


def test_a_migration_makes_the_columns_that_the_fields_make(everybody):
    from django.apps import apps

    migration = __import__("customers.migrations.0023_search_is_filled", fromlist=["fill_all"])
    before = columns()
    Customer.objects.update(search=None, labels=None)
    Contact.objects.update(search=None, role_words=None)
    Identity.objects.update(search=None)
    migration.fill_all(apps, None)
    assert columns() == before


def columns():
    return [
        list(Customer.objects.order_by("pk").values_list("search", "labels")),
        list(Contact.objects.order_by("pk").values_list("search", "role_words")),
        list(Identity.objects.order_by("pk").values_list("search", flat=True)),
        Identity.objects.filter(search=F("value")).exists(),
    ]


@pytest.fixture
def everybody(db):
    rows = [
        {"company_id": company, "name": name, "domain": domain, "plan": "Pro", "tags": ["vip"]}
        for name, domain, company in typed.CUSTOMERS
    ]
    lifecycle.upsert(rows, now=NOW)
    customers = {row.name: row for row in Customer.objects.all()}
    for customer, name, email, user in typed.CONTACTS:
        contact = Contact.objects.create(
            customer=customers[customer], name=name, email=email, role="Head", created_at=NOW
        )
        Identity.objects.create(kind="user", value=user, contact=contact)
