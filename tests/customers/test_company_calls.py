"""What calls say about a company reaches fields; in any order the same. Without a database."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.described import companies, origins
from customers.described.companies import CompanyCall
from customers.described.origins import Setting
from customers.described.rules import USUAL, Rules
from customers.models import Customer, CustomerField, FieldOrigin
from tests.conftest import NOW

LONG_AGO = NOW - timedelta(days=100)
BUILT_IN = Rules.extended((), ())


def call(traits, days=0, message="m", origin=FieldOrigin.SERVER, rules=BUILT_IN):
    return CompanyCall(traits, NOW - timedelta(days=days), message.encode().ljust(16), origin, rules)


def described(*calls, customer=None):
    customer = customer or Customer(name="acme")
    for one in calls:
        companies.describe(customer, one)
    return customer


def typed(**fields):
    """Return a customer some of whose fields a colleague has set."""
    customer, before = Customer(name="acme"), Customer(name="acme")
    for name, value in fields.items():
        setattr(customer, name, value)
    empty = {name: getattr(before, name) for name in CustomerField.values}
    origins.note(customer, empty, fields, Setting(FieldOrigin.STAFF, LONG_AGO))
    return customer


@pytest.mark.parametrize(
    ("traits", "fields"),
    [
        ({"website": "https://www.nine.example/x"}, {"domain": "nine.example"}),
        ({"employees": 120}, {"seats": 120}),
        ({"num_employees": "120"}, {"seats": 120}),
        ({"seats": 7.0}, {"seats": 7}),
        ({"mrr": 1200.505}, {"mrr": Decimal("1200.51")}),
        ({"monthly_revenue": "99", "currency": "usd"}, {"mrr": Decimal(99), "currency": "USD"}),
        ({"plan": "x" * 500}, {"plan": "x" * 100}),
        ({"plan": 7, "industry": " Fo\u200bod "}, {"plan": "7", "industry": "Food"}),
        ({"country": "France", "address": {"country": "Spain"}}, {"country": "France"}),
        ({"seats": 10, "employees": 120}, {"seats": 10}),
        ({"seats": "some", "employees": 120}, {"seats": 120}),
    ],
)
def test_known_traits_reach_their_fields_as_these_hold_them(traits, fields):
    customer = described(call(traits))
    assert {name: getattr(customer, name) for name in fields} == fields
    assert {name: by[0] for name, by in customer.field_origins.items()} == dict.fromkeys(fields, "server")


@pytest.mark.parametrize(
    "traits",
    [
        {"seats": "11-50"}, {"seats": -1}, {"seats": 2**31}, {"seats": 1.5}, {"seats": True}, {"mrr": "€ 5"},
        {"mrr": -1}, {"mrr": 10**12}, {"mrr": 999_999_999_999.999}, {"mrr": {"amount": 5}}, {"currency": "coins"},
        {"plan": ["Pro"]}, {"website": "Nine Ltd"}, {"mrr": 5, "currency": "coins"}, {"colour": "red"},
    ],
)  # fmt: skip
def test_what_a_field_cannot_hold_stays_an_attribute(traits):
    customer = described(call(traits))
    assert customer.attributes == traits
    assert customer.field_origins == {}


@pytest.mark.parametrize("nothing", [None, "", " \u200b", [], {}])
def test_what_says_nothing_empties_no_field(nothing):
    customer = described(call({"plan": "Pro"}, 2), call({"plan": nothing}, 1))
    assert (customer.plan, customer.attributes) == ("Pro", {})


def test_of_two_traits_for_a_field_the_other_is_kept():
    assert described(call({"seats": 10, "employees": 120})).attributes == {"employees": 120}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_attribute_goes_when_its_trait_reaches_the_field(order):
    calls = [call({"seats": "many"}, 3), call({"seats": 9}, 2), call({"seats": 8}, 4)]
    customer = described(*(calls[i] for i in order))
    assert (customer.seats, customer.attributes) == (9, {})


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_at_the_same_instant_the_message_of_the_smaller_hash_holds(order):
    calls = [call({"plan": "Team", "size": "S"}, message="a"), call({"plan": "Pro", "size": "M"}, message="b")]
    customer = described(*(calls[i] for i in order))
    assert (customer.plan, customer.attributes) == ("Team", {"size": "M"})  # of attributes, the smaller value


def test_what_a_colleague_typed_holds_against_later_calls():
    customer = described(call({"plan": "Pro", "industry": "Food"}), customer=typed(plan="Team"))
    assert (customer.plan, customer.industry) == ("Team", "Food")
    assert [by.origin for by in origins.known(customer).values()] == ["staff", "server"]


@pytest.mark.parametrize("origin", [FieldOrigin.FILE, FieldOrigin.API])
def test_a_file_and_the_api_count_as_much_as_a_colleague(origin):
    customer = Customer(name="acme", plan="Team")
    origins.note(customer, {"plan": ""}, ["plan"], Setting(origin, LONG_AGO))
    assert described(call({"plan": "Pro"}), customer=customer).plan == "Team"


def test_a_browser_counts_less_than_a_server_however_late():
    calls = [call({"plan": "Pro"}, 9), call({"plan": "Free", "industry": "Food"}, 1, origin=FieldOrigin.BROWSER)]
    for order in permutations(calls):
        customer = described(*order)
        assert (customer.plan, customer.industry) == ("Pro", "Food")


def test_a_named_source_comes_first():
    rules = Rules.extended((), [("plan", "server")])
    customer = described(
        call({"plan": "Pro", "industry": "IT"}, rules=rules), customer=typed(plan="T", industry="Food")
    )
    assert (customer.plan, customer.industry) == ("Pro", "Food")
    assert origins.decided(customer, FieldOrigin.STAFF, rules) == {"plan": "server"}
    assert origins.decided(customer, FieldOrigin.STAFF, USUAL) == {}


def test_an_amount_goes_with_its_currency():
    """What a colleague said in euros is not overwritten, nor relabelled, by dollars."""
    customer = described(call({"mrr": 5, "currency": "USD"}), customer=typed(mrr=Decimal(100)))
    assert (customer.mrr, customer.currency) == (100, "EUR")
    customer = described(call({"mrr": 5, "currency": "USD"}), customer=typed(currency="CHF"))
    assert (customer.mrr, customer.currency) == (None, "CHF")
    rules = Rules.extended((), [("mrr", "server")])
    customer = described(call({"mrr": 5, "currency": "USD"}, rules=rules), customer=typed(mrr=Decimal(100)))
    assert (customer.mrr, customer.currency) == (5, "USD")


def test_what_calls_set_before_origins_were_kept_follows_their_time():
    at = (NOW - timedelta(days=5)).isoformat()
    before = {"plan": "Pro", "domain": "old.example", "set_at": {"plan": at, "domain": at, "seats": at}}
    customer = Customer(name="acme", field_origins=None, **before)
    described(call({"plan": "Old", "website": "new.example", "seats": 3}, 6), customer=customer)
    assert (customer.plan, customer.domain, customer.seats) == ("Pro", "old.example", 3)
    assert set(origins.known(customer)) == {"seats"}
    described(call({"plan": "New"}, 4), customer=customer)
    assert customer.plan == "New"


def test_admins_add_traits_and_take_built_in_ones_away():
    rules = Rules.extended([("headcount", "seats"), ("employees", ""), ("firm.size", "seats")], ())
    customer = described(call({"employees": 7}, rules=rules))
    assert (customer.seats, customer.attributes) == (None, {"employees": 7})
    assert described(call({"headcount": 5}, rules=rules)).seats == 5
    assert described(call({"firm": {"size": 6}}, rules=rules)).seats == 6


VALUES = {
    "name": st.sampled_from(["Acme", "Acme Ltd", ["Acme"], ""]),
    "plan": st.sampled_from(["Pro", "Team", True]),
    "seats": st.sampled_from([1, "2", "many", None]),
    "employees": st.sampled_from([3, "11-50"]),
    "mrr": st.sampled_from([10, 20, -1]),
    "currency": st.sampled_from(["EUR", "USD", "coins"]),
    "website": st.sampled_from(["a.example", "https://www.b.example", "none"]),
    "domain": st.sampled_from(["c.example", 7]),
    "address": st.sampled_from([{"country": "France"}, {"country": "Spain"}, "Paris"]),
    "colour": st.sampled_from(["red", "blue"]),
}
SAID = st.tuples(
    st.fixed_dictionaries({}, optional=VALUES),
    st.integers(0, 3),
    st.sampled_from([FieldOrigin.SERVER, FieldOrigin.SERVER, FieldOrigin.BROWSER, FieldOrigin.FILE]),
)


@given(
    said=st.lists(SAID, max_size=7),
    stands=st.fixed_dictionaries(
        {}, optional={"plan": st.just("Typed"), "mrr": st.just(5), "currency": st.just("CHF")}
    ),
    named=st.sampled_from([(), [("plan", "server")], [("mrr", "browser"), ("plan", "staff")]]),
    chance=st.randoms(use_true_random=False),
)
def test_in_any_order_the_same_calls_leave_the_same_customer(said, stands, named, chance):
    rules = Rules.extended((), named)
    calls = [call(traits, days, f"m{i}", origin, rules) for i, (traits, days, origin) in enumerate(said)]
    first = described(*calls, customer=typed(**stands))
    other = described(*chance.sample(calls, len(calls)), customer=typed(**stands))
    for name in companies.COLUMNS:
        assert getattr(first, name) == getattr(other, name)
