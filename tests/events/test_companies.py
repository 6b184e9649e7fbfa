"""Where it happened: the company a person is at, the company one event names, and what stays when they leave."""

from itertools import permutations

import pytest

from customers.models import Act, Affiliation, Changed, Customer, InputLog
from events.models import DailyCount, Event
from events.wire.messages import message_hash
from tests.events.people import company, days_at, group, identify, track, user


def test_a_group_call_takes_the_provisional_history_along_once(send):
    send(track(5, userId="ann"), track(4, userId="ann"))
    send(group("acme", 3, userId="ann"))
    acme = company("acme")
    assert days_at(acme) == [5, 4]
    assert set(Event.objects.values_list("company", flat=True)) == {None}  # as it was sent
    [act] = Act.objects.all()
    assert (act.kind, act.customer) == ("move", acme)
    assert [act.detail[name] for name in ("events", "first", "last")] == [2, "2026-06-10", "2026-06-11"]
    assert list(Customer.objects.all()) == [acme]
    assert Changed.objects.filter(customer=acme).exists()

    send(group("birch", 2, userId="ann"))
    assert days_at(acme) == [5, 4]
    assert Act.objects.count() == 1


def test_what_was_done_at_one_company_stays_there_after_joining_another(send):
    send(group("acme", 9, userId="ann"), track(8, userId="ann"))
    send(group("birch", 7, userId="ann"), track(6, userId="ann"))
    acme, birch, ann = company("acme"), company("birch"), user("ann")
    assert (days_at(acme), days_at(birch), ann.customer) == ([8], [6], birch)
    assert list(Affiliation.objects.values_list("contact", "customer")) == [(ann.pk, acme.pk)]
    assert not Act.objects.exists()
    counted = DailyCount.objects.values_list("customer", "day")
    assert {(customer, day.day) for customer, day in counted} == {(acme.pk, 7), (birch.pk, 9)}


def test_who_returns_is_back_where_they_were(send):
    for days, name in ((9, "acme"), (7, "birch"), (5, "acme")):
        send(group(name, days, userId="ann"), track(days - 1, userId="ann"))
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8, 4], [6])
    assert user("ann").customer == company("acme")


@pytest.mark.parametrize("order", list(permutations([(9, "acme"), (7, "birch"), (5, "cedar")])))
def test_the_latest_group_call_names_the_present_company_in_any_order(send, order):
    for days, name in order:
        send(group(name, days, userId="ann"))
    assert user("ann").customer == company("cedar")
    assert f"{user('ann').joined_at:%d}" == "10"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_one_batch_the_order_does_not_matter(send, order):
    send(track(12, userId="ann"))
    messages = [group("acme", 9), track(8), group("birch", 7), track(1)]
    send(*({**messages[i], "userId": "ann"} for i in order))
    assert user("ann").customer == company("birch")
    assert (days_at(company("acme")), days_at(company("birch"))) == ([12, 8], [1])
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_calls_at_the_same_instant_the_one_of_the_smaller_hash_holds(send, order):
    calls = [group("acme", 3, userId="ann", messageId="m1"), group("birch", 3, userId="ann", messageId="m2")]
    assert message_hash("m2") < message_hash("m1")
    for i in order:
        send(calls[i])
    assert user("ann").customer == company("birch")


def test_a_named_company_decides_one_event_and_moves_nobody(send):
    send(group("acme", 9, userId="ann"))
    send(track(3, userId="ann", context={"groupId": "birch"}), track(2, userId="ann"))
    acme, birch, ann = company("acme"), company("birch"), user("ann")
    assert (days_at(birch), days_at(acme), ann.customer) == ([3], [2], acme)
    assert Event.objects.get(customer=birch).contact == ann
    assert Event.objects.get(customer=birch).company.value == "birch"
    assert list(Affiliation.objects.values_list("contact", "customer")) == [(ann.pk, birch.pk)]


def test_a_named_company_does_not_make_its_person_known(send):
    send(track(3, userId="ann", context={"groupId": "birch"}), track(2, userId="ann"))
    assert user("ann").customer.provisional
    send(group("acme", 1, userId="ann"))
    assert (days_at(company("birch")), days_at(company("acme"))) == ([3], [2])


def test_an_event_of_a_company_needs_no_person(send):
    send(track(3, context={"groupId": "acme"}))
    event = Event.objects.get()
    assert (event.customer, event.contact, event.person) == (company("acme"), None, None)


def test_a_company_named_only_by_an_id_is_a_customer_under_that_id(send):
    send(group("acme"))
    acme = company("acme")
    assert (acme.name, acme.provisional, acme.kind, acme.stage) == ("acme", False, "company", "active")
    assert Changed.objects.filter(customer=acme).exists()
    logged = InputLog.objects.filter(customer=acme).values_list("name", "text", "number")
    assert set(logged) == {("stage", "active", None), ("plan", None, None), ("mrr", "EUR", None)}


def test_a_group_call_describes_the_company_and_not_the_person(send):
    """RudderStack's browser SDK sends the person's traits along in the context."""
    traits = {
        "name": "Acme Ltd",
        "plan": "Pro",
        "website": "acme.example",
        "address": {"country": "France"},
        "seats": 7,
    }
    send(group("acme", userId="ann", traits=traits, context={"traits": {"name": "Ann", "plan": "none"}}))
    acme = company("acme")
    assert (acme.name, acme.plan, acme.domain, acme.country) == ("Acme Ltd", "Pro", "acme.example", "France")
    assert (acme.seats, acme.attributes) == (7, {"address": {"country": "France"}})
    assert user("ann").name == ""
    assert InputLog.objects.get(customer=acme, name="plan").text == "Pro"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_what_is_said_about_a_company_the_latest_holds_name_by_name(send, order):
    calls = [
        group("acme", 3, traits={"name": "Acme", "plan": "Pro", "size": "S"}),
        group("acme", 2, traits={"plan": "Team", "size": "M"}),
        group("acme", 1, traits={"size": "L"}),
    ]
    for i in order:
        send(calls[i])
    acme = company("acme")
    assert (acme.name, acme.plan, acme.attributes) == ("Acme", "Team", {"size": "L"})
    assert InputLog.objects.get(customer=acme, name="plan").text == "Team"


def test_an_identify_call_joins_the_company_of_its_context(send):
    send(track(9, userId="ann"), group("acme", 5, userId="ann"))
    send(identify(1, userId="ann", context={"groupId": "birch"}, traits={"company": {"id": "cedar", "name": "Cedar"}}))
    assert user("ann").customer == company("birch")
    assert (company("birch").name, Customer.objects.filter(name="Cedar").exists()) == ("birch", False)
    assert days_at(company("acme")) == [9]


def test_an_identify_call_joins_the_company_of_the_reserved_trait(send):
    send(identify(1, userId="ann", traits={"company": {"id": 17, "name": "Cedar", "plan": "Pro"}}))
    cedar = company("17")
    assert (user("ann").customer, cedar.name, cedar.plan, cedar.provisional) == (cedar, "Cedar", "Pro", False)
    assert user("ann").traits["company"]["name"] == "Cedar"


@pytest.mark.parametrize("about", ["Cedar", {"name": "Cedar"}, {"id": ["1"]}, {"id": ""}, ["1"], {"id": True}])
def test_a_company_without_an_id_is_a_trait(send, about):
    send(identify(1, userId="ann", traits={"company": about}))
    assert user("ann").customer.provisional
    assert Customer.objects.count() == 1


def test_hundreds_join_in_one_batch(send):
    """An SDK's queue after a first import: everybody was seen before, and now everybody gets a company."""
    people = [f"u{i}" for i in range(200)]
    send(*(track(3, userId=person) for person in people))
    send(*(group(f"company {i % 20}", userId=person) for i, person in enumerate(people)))
    assert Customer.objects.count() == 20
    assert days_at(company("company 7")) == [3] * 10
