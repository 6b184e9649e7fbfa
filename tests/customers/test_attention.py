"""Who was handled comes back when what was done did not help."""

from datetime import timedelta

import pytest

from customers import attention
from customers.models import Customer, Snooze
from scoring.models import CurrentScore
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()


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


def test_a_snoozed_customer_stays_away_whatever_happens(acme):
    attention.snooze(acme, until=TODAY, reason="On holiday", now=NOW, by=None)
    falls_to(acme, 0)
    assert not is_listed(acme)


def test_snoozing_after_handling_forgets_the_health_it_was_handled_at(acme):
    attention.handle(acme, reason="Called them", now=NOW, by=None)
    attention.snooze(acme, until=TODAY, reason="On holiday", now=NOW, by=None)
    assert Snooze.objects.get().health is None


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
    with django_assert_num_queries(4):  # two of them hold the transaction
        attention.handle_all(many, reason="Called them", now=NOW, by=None)
    assert Snooze.objects.count() == 31
