"""Who was handled or snoozed comes back when health falls further."""

from datetime import timedelta

import pytest

from customers import attention
from customers.models import Customer, Mark, Snooze
from scoring.models import CurrentScore
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()
HOUR = timedelta(hours=1)


@pytest.fixture
def acme(begun):
    return cast.at_risk("Acme", health=4_000)


def falls_to(customer, health):
    CurrentScore.objects.filter(customer=customer).update(
        health=health, health_band="red" if health is not None else None
    )


def is_listed(customer):
    listed = Customer.objects.at_risk(TODAY).filter(pk=customer.pk).exists()
    assert listed is not Customer.objects.snoozed(TODAY).filter(pk=customer.pk).exists()
    return listed


@pytest.mark.parametrize(
    ("health", "is_back"), [(4_500, False), (4_000, False), (3_001, False), (3_000, True), (0, True)]
)
def test_a_handled_customer_comes_back_when_health_falls_by_another_ten_points(acme, health, is_back):
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    assert Snooze.objects.get().health == 4_000
    falls_to(acme, health)
    assert is_listed(acme) is is_back


@pytest.mark.parametrize(("health", "is_back"), [(3_001, False), (3_000, True)])
def test_so_does_a_snoozed_one(acme, health, is_back):
    attention.snooze(acme, until=TODAY, reason="On holiday", now=NOW, by=None)
    falls_to(acme, health)
    assert is_listed(acme) is is_back


def test_snoozing_after_handling_goes_by_the_health_of_the_snooze(acme):
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    falls_to(acme, 3_500)
    attention.snooze(acme, until=TODAY, reason="On holiday", now=NOW + HOUR, by=None)
    assert Snooze.objects.get().health == 3_500


def test_a_mark_taken_back_leaves_the_one_before_it_in_force(acme):
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    attention.snooze(acme, until=TODAY, reason="On holiday", now=NOW + HOUR, by=None)
    assert attention.take_back(Mark.objects.get(kind="snoozed"), now=NOW + HOUR)
    assert Snooze.objects.get().kind == "handled"
    assert attention.take_back(Mark.objects.get(), now=NOW + HOUR)
    assert is_listed(acme)


def test_a_mark_is_not_taken_back_from_under_a_later_one(acme):
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    first = Mark.objects.get()
    attention.snooze(acme, until=TODAY, reason="On holiday", now=NOW + HOUR, by=None)
    assert not attention.take_back(first, now=NOW + HOUR)
    assert Snooze.objects.get().kind == "snoozed"


@pytest.mark.parametrize(("before", "after"), [(None, 0), (4_000, None)])
def test_where_health_is_unknown_nobody_can_say_that_it_fell(acme, before, after):
    falls_to(acme, before)
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    falls_to(acme, after)
    assert not is_listed(acme)


def test_a_handled_customer_comes_back_after_two_weeks(acme):
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    assert not Customer.objects.at_risk(TODAY + timedelta(days=14)).exists()
    assert Customer.objects.at_risk(TODAY + timedelta(days=15)).exists()


def test_many_are_handled_in_as_few_queries_as_one(acme, django_assert_num_queries):
    many = [acme, *(cast.at_risk(f"Customer {i}") for i in range(30))]
    with django_assert_num_queries(5):  # two of them hold the transaction
        attention.handle_all(many, reason="Called them", now=NOW, by=None)
    assert Snooze.objects.count() == 31
