"""Who set a field and when, as the verbs of customers note it."""

from datetime import timedelta

import pytest

from customers import lifecycle
from customers.described import origins
from customers.described.origins import DecidedElsewhere
from customers.models import Change, Customer, FieldOrigin, FieldSource
from staff.models import User
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def maya(begun):
    return User.objects.create_user("maya@example.com", name="Maya", role="csm")


@pytest.fixture
def acme(begun):
    row = {"company_id": "acme", "name": "Acme", "plan": "", "currency": "EUR", "tags": ["vip"]}
    return lifecycle.upsert([row], now=NOW)["acme"]


def known():
    return {field: (by.origin, by.at) for field, by in origins.known(Customer.objects.get()).items()}


def from_a_call(**fields):
    """Let a call have set fields."""
    stored = {name: ["server", NOW.isoformat(), "00"] for name in fields}
    Customer.objects.update(field_origins=stored, **fields)


def test_what_a_row_really_says_is_noted(acme):
    assert known() == {"name": ("file", NOW)}


def test_a_colleague_a_file_and_the_api_are_told_apart(acme, maya):
    lifecycle.edit({acme: {"plan": "Pro"}}, now=LATER, by=maya)
    lifecycle.edit({acme: {"seats": 5}}, now=LATER, by=maya, origin=FieldOrigin.FILE)
    lifecycle.upsert([{"company_id": "acme", "country": "France"}], now=LATER, origin=FieldOrigin.API)
    assert known() == {
        "name": ("file", NOW), "plan": ("staff", LATER), "seats": ("file", LATER), "country": ("api", LATER),
    }  # fmt: skip


def test_a_colleague_who_adds_a_customer_has_set_what_they_filled_in(maya):
    row = {"name": "Birch", "plan": "", "seats": None, "mrr": None, "currency": "EUR", "industry": "Food"}
    lifecycle.create(row, now=NOW, by=maya)
    assert known() == {"name": ("staff", NOW), "industry": ("staff", NOW)}


def test_an_amount_has_its_currency_noted_too(acme, maya):
    lifecycle.edit({acme: {"mrr": 100}}, now=LATER, by=maya)
    assert known() == {"name": ("file", NOW), "mrr": ("staff", LATER), "currency": ("staff", LATER)}


def test_emptying_a_field_is_saying_something(acme, maya):
    from_a_call(plan="Pro")
    lifecycle.edit({acme: {"plan": ""}}, now=LATER, by=maya)
    assert known() == {"plan": ("staff", LATER)}


def test_what_is_repeated_keeps_its_origin_unless_a_call_had_said_it(acme, maya):
    from_a_call(plan="Pro")
    again = [{"company_id": "acme", "name": "Acme", "plan": "Pro"}]
    lifecycle.upsert(again, now=LATER)
    lifecycle.upsert(again, now=LATER + timedelta(days=1), origin=FieldOrigin.API)
    assert known() == {"name": ("file", LATER), "plan": ("file", LATER)}
    assert not Change.objects.exists()


def test_a_customer_from_before_origins_were_kept_can_be_changed(acme, maya):
    Customer.objects.update(field_origins=None, set_at={"plan": NOW.isoformat(), "seats": NOW.isoformat()})
    lifecycle.edit({acme: {"plan": "Pro"}}, now=LATER, by=maya)
    assert Customer.objects.get().field_origins == {"plan": ["staff", LATER.isoformat(), ""]}


def test_a_field_that_follows_another_source_is_refused_once_that_has_set_it(acme, maya):
    FieldSource.objects.create(field="plan", origin="server")
    lifecycle.edit({acme: {"plan": "Team"}}, now=NOW, by=maya)
    from_a_call(plan="Pro")
    lifecycle.edit({acme: {"plan": "Pro", "industry": "Food"}}, now=LATER, by=maya)
    with pytest.raises(DecidedElsewhere, match="An admin has set where this comes from: tracking calls"):
        lifecycle.edit({acme: {"plan": "Team"}}, now=LATER, by=maya)
    assert Customer.objects.get().plan == "Pro"


def test_an_amount_that_follows_a_source_keeps_its_currency(acme, maya):
    FieldSource.objects.create(field="mrr", origin="server")
    from_a_call(mrr=5, currency="USD")
    with pytest.raises(DecidedElsewhere):
        lifecycle.edit({acme: {"currency": "EUR"}}, now=LATER, by=maya)


def test_whose_word_a_field_follows_is_asked_only_when_one_is_set(acme, maya, django_assert_num_queries):
    with django_assert_num_queries(10):  # and the transaction's two
        lifecycle.edit({acme: {"owner_id": maya.pk}}, now=LATER, by=maya)
    with django_assert_num_queries(11):
        lifecycle.edit({acme: {"plan": "Pro"}}, now=LATER, by=maya)
