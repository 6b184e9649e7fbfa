"""Customers merged and unmerged: what came under whose names, and what is known of the days."""

from datetime import timedelta

import pytest

from customers.curation import Refused, merges, undoing
from customers.models import Act, Contact, Customer, Membership
from events.log import resettling
from events.models import DailyCount, Event
from records import tickets
from tests.conftest import NOW
from tests.events.people import company, days_at, group, track, user


def merge(kept, gone, wins=()):
    act = merges.customers(company(kept), company(gone), wins=wins, now=NOW, by=None)
    resettling.settle_all(now=NOW)
    return act


def undo(act):
    act.refresh_from_db()
    done = undoing.undo(act, now=NOW, by=None)
    resettling.settle_all(now=NOW)
    return done


def test_all_that_one_did_is_the_others(send):
    send(group("acme", 9, userId="ann"), track(8, userId="ann"), group("birch", 9, userId="bob"))
    send(track(3, userId="bob"), track(2, anonymousId="a1", context={"groupId": "birch"}))
    birch = company("birch")
    merge("acme", "birch")
    assert days_at(company("acme")) == [8, 3, 2]
    assert company("birch") == company("acme") == user("bob").customer
    assert Customer.objects.get(pk=birch.pk).merged_into == company("acme")
    assert days_at(birch) == []
    assert birch not in Customer.objects.known()


def test_what_comes_meanwhile_is_taken_and_given_back(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob"), track(8, userId="bob"))
    acme, birch = company("acme"), company("birch")
    act = merge("acme", "birch")
    send(track(1, userId="bob"), group("birch", 5, userId="carl"), track(4, userId="carl"))
    send(track(1, userId="ann", context={"groupId": "birch"}), track(20, userId="bob"))
    assert days_at(acme) == [20, 8, 4, 1, 1]
    undo(act)
    assert (days_at(acme), days_at(birch)) == ([], [20, 8, 4, 1, 1])
    assert (user("carl").customer, user("bob").customer, user("ann").customer) == (birch, birch, acme)


def test_a_chain_of_merges_is_undone_in_any_order(send):
    for name, person in (("acme", "ann"), ("birch", "bob"), ("cedar", "carl")):
        send(group(name, 9, userId=person), track(8, userId=person))
    acme, birch, cedar = map(company, ("acme", "birch", "cedar"))
    first, second = merge("birch", "acme"), merge("cedar", "birch")
    assert days_at(cedar) == [8, 8, 8]
    undo(first)
    assert (days_at(acme), days_at(birch), days_at(cedar)) == ([8], [], [8, 8])
    undo(second)
    assert (days_at(acme), days_at(birch), days_at(cedar)) == ([8], [8], [8])


def test_closed_days_stay_as_they_were_known(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob"), track(8, userId="bob"))
    birch = company("birch")
    before = list(DailyCount.objects.filter(customer=birch).values_list("day", "known_on", "count"))
    act = merge("acme", "birch")
    told = Event.objects.live().get(customer=company("acme"))
    assert (told.known_on, told.told_act_id) == (NOW.date(), act.pk)
    undo(act)
    counts = DailyCount.objects.filter(customer=birch, known_on__lt=NOW.date())
    assert list(counts.values_list("day", "known_on", "count")) == [row for row in before if row[1] < NOW.date()]


def test_members_between_two_merged_customers_never_left(send):
    send(group("acme", 9, userId="ann"), group("birch", 5, userId="ann"))
    act = merge("acme", "birch")
    assert user("ann").joined_at == NOW - timedelta(days=9)
    undo(act)
    assert user("ann").customer == company("birch")


def test_an_act_is_undone_once(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob"))
    act = merge("acme", "birch")
    undo(act)
    with pytest.raises(Refused, match="undone already"):
        undo(act)


def test_the_fields_that_win_are_given_back(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob", traits={"plan": "Gold", "name": "Birch"}))
    act = merge("acme", "birch", wins=["plan"])
    assert company("acme").plan == "Gold"
    undo(act)
    assert (company("acme").plan, company("birch").plan) == ("", "Gold")


def test_nothing_is_merged_with_itself_or_twice(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob"))
    acme, birch = company("acme"), company("birch")
    with pytest.raises(Refused, match="itself"):
        merges.customers(acme, acme, wins=(), now=NOW, by=None)
    merges.customers(acme, birch, wins=(), now=NOW, by=None)
    resettling.settle_all(now=NOW)
    with pytest.raises(Refused, match="merged into another"):
        merges.customers(acme, birch, wins=(), now=NOW, by=None)
    assert Act.objects.filter(kind=Act.Kind.MERGE).count() == 1
    assert Contact.objects.filter(customer=birch).count() == 0
    assert Membership.objects.filter(customer=birch).count() == 0


def unsettled(*acts):
    """Undo these, and settle only then."""
    for act in acts:
        act.refresh_from_db()
        undoing.undo(act, now=NOW, by=None)
    resettling.settle_all(now=NOW)


def test_people_are_parted_whose_events_still_stand_where_their_company_was_merged(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob"), group("birch", 9, userId="bob2"))
    send(track(8, userId="bob"), track(7, userId="bob2"))
    companies, (bob, bob2) = merge("acme", "birch"), (user("bob"), user("bob2"))
    people = merges.contacts(bob, bob2, wins=(), now=NOW, by=None)
    resettling.settle_all(now=NOW)
    unsettled(companies, people)
    assert set(Event.objects.live().values_list("customer", "contact")) == {
        (company("birch").pk, bob.pk), (company("birch").pk, bob2.pk)
    }  # fmt: skip


def test_a_chain_of_merges_is_undone_before_anything_follows(send):
    for name, person in (("acme", "ann"), ("birch", "bob"), ("cedar", "carl")):
        send(group(name, 9, userId=person))
    send(track(8, userId="bob", context={"groupId": "acme"}), track(7, userId="bob"))
    first, second = merge("birch", "acme"), merge("cedar", "birch")
    assert days_at(company("acme")) == [8, 7]
    unsettled(second, first)
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8], [7])


def test_each_act_says_how_many_events_it_moved(send):
    send(
        group("acme", 9, userId="ann"), group("birch", 9, userId="bob"), track(8, userId="bob"), track(7, userId="bob")
    )
    tickets.write([{"customer_id": company("birch").pk, "subject": "Slow", "opened_at": NOW}], now=NOW)
    act = merge("acme", "birch")
    act.refresh_from_db()
    assert act.detail["events"] == 3
    done = undo(act)
    done.refresh_from_db()
    assert done.detail["events"] == 3
    assert {event.void_act_id for event in Event.objects.exclude(void_on=None)} == {act.pk, done.pk}
