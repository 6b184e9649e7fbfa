"""Customers and contacts that were deleted: hidden, their ids ignored, until they are released or it is undone."""

from datetime import timedelta

import pytest

from customers.curation import Refused, removals, undoing
from customers.models import Contact, Customer
from events.log import resettling
from events.models import Event, Rejected
from tests.conftest import NOW
from tests.events.people import anonymous, company, days_at, group, track, user


def remove(which):
    verb = removals.customer if isinstance(which, Customer) else removals.contact
    act = verb(which, reason="A test", now=NOW, by=None)
    resettling.settle_all(now=NOW)
    return act


def undo(act):
    act.refresh_from_db()
    done = undoing.undo(act, now=NOW, by=None)
    resettling.settle_all(now=NOW)
    return done


def test_a_deleted_customer_leaves_its_people_where_they_otherwise_belong(send):
    send(
        group("acme", 9, userId="ann"),
        track(8, userId="ann"),
        group("null-co", 5, userId="ann"),
        track(2, userId="ann"),
    )
    send(
        track(1, userId="ann", context={"groupId": "null-co"}),
        group("null-co", 5, userId="bob"),
        track(3, userId="bob"),
    )
    wrong = company("null-co")
    act = remove(wrong)
    assert user("ann").customer == company("acme")
    assert days_at(company("acme")) == [8, 2]
    assert user("bob").customer.provisional
    assert (days_at(user("bob").customer), days_at(wrong)) == ([3], [])
    assert wrong not in Customer.objects.known()
    undo(act)
    assert (user("ann").customer, user("bob").customer) == (wrong, wrong)
    assert (days_at(wrong), days_at(company("acme"))) == ([3, 2, 1], [8])


def test_what_comes_for_a_deleted_customer_is_rejected_with_the_reason(send):
    send(group("null-co", 5, userId="ann"))
    act = remove(company("null-co"))
    outcome = send(track(1, userId="ann", context={"groupId": "null-co"}), track(2, userId="ann"))
    assert (outcome.stored, outcome.rejected) == (1, 1)
    reason = Rejected.objects.get().reason
    assert reason.startswith("`groupId` “null-co” is an id of null-co, deleted on ")
    removals.release(act, now=NOW, by=None)
    assert send(track(1, userId="ann", context={"groupId": "null-co"})).stored == 1
    assert company("null-co") != Customer.objects.get(pk=act.customer_id)
    with pytest.raises(Refused, match="released"):
        undo(act)


def test_a_deleted_contact_is_gone_with_its_events(send):
    send(group("acme", 9, userId="ann", anonymousId="a1"), track(8, userId="ann"), group("acme", 9, userId="bob"))
    send(track(7, userId="bob"))
    ann = user("ann")
    act = remove(ann)
    assert days_at(company("acme")) == [7]
    assert ann not in Contact.objects.known()
    outcome = send(track(1, userId="ann"), track(1, anonymousId="a1"), track(2, userId="bob", anonymousId="a1"))
    assert (outcome.stored, outcome.rejected) == (1, 2)
    assert Event.objects.live().get(
        customer=company("acme"), device=None, person__value="bob", occurred_at__gte=NOW - timedelta(days=3)
    )
    undo(act)
    assert anonymous("a1") == user("ann") == ann
    assert days_at(company("acme")) == [8, 7, 2]


def test_both_are_deleted_once(send):
    send(group("acme", 9, userId="ann"))
    remove(user("ann"))
    with pytest.raises(Refused, match="deleted"):
        remove(user("ann"))
