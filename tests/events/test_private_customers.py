"""With PEOPLE_ARE_CUSTOMERS a person is a customer in their own right as soon as they have a user id."""

import pytest

from customers.models import Act, Changed, Customer, InputLog
from events.models import Event
from scoring.model_versions import default_model
from scoring.models import CurrentScore
from scoring.runs import run
from tests.conftest import NOW
from tests.events.people import anonymous, company, days_at, group, identify, track, user


@pytest.fixture(autouse=True)
def people_are_customers(settings):
    settings.PEOPLE_ARE_CUSTOMERS = True


def test_who_has_a_user_id_is_a_customer(send):
    send(track(3, userId="ann"))
    ann = user("ann").customer
    assert (ann.name, ann.kind, ann.provisional) == ("ann", "person", False)
    assert Event.objects.get().customer == ann
    assert InputLog.objects.get(customer=ann, name="stage").text == "active"
    assert Changed.objects.filter(customer=ann).exists()


def test_who_has_none_is_not(send):
    send(track(3, anonymousId="a1"))
    assert anonymous("a1").customer.provisional
    assert not InputLog.objects.exists()


def test_who_gets_one_becomes_a_customer_under_it_with_their_history(send):
    send(track(3, anonymousId="a1"))
    before = anonymous("a1").customer
    send(track(1, userId="ann", anonymousId="a1"))
    ann = user("ann").customer
    assert (ann.pk, ann.name, ann.provisional) == (before.pk, "ann", False)
    assert days_at(ann) == [3, 1]
    assert InputLog.objects.filter(customer=ann, name="stage").count() == 1


def test_the_anonymous_history_of_a_known_person_goes_along(send):
    send(track(3, userId="ann"), track(2, anonymousId="a1"))
    send(identify(userId="ann", anonymousId="a1"))
    assert days_at(user("ann").customer) == [3, 2]
    assert Customer.objects.count() == Act.objects.count() == 1


def test_what_a_private_person_did_stays_theirs_when_they_join_a_company(send):
    send(track(3, userId="ann"))
    private = user("ann").customer
    send(group("acme", 2, userId="ann"), track(1, userId="ann"))
    assert (days_at(private), days_at(company("acme"))) == ([3], [1])


def test_private_customers_are_scored(send):
    default_model.ensure(NOW)
    send(track(0, userId="ann"), track(0, anonymousId="a1"))
    run.score_changed(now=NOW)
    assert CurrentScore.objects.get().customer == user("ann").customer


def test_without_the_setting_nobody_becomes_a_customer(send, settings):
    settings.PEOPLE_ARE_CUSTOMERS = False
    send(track(3, userId="ann"))
    assert user("ann").customer.provisional
