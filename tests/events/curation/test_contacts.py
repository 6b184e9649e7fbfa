"""Contacts merged and unmerged, moved, and what calls say meanwhile."""

from datetime import timedelta

import pytest

from customers.curation import Refused, merges, moves, undoing
from customers.models import AddressConsent, Contact, Identity
from events.log import objections, resettling
from tests.conftest import NOW
from tests.events.people import anonymous, at, company, days_at, group, identify, track, user


def merge(kept, gone, wins=()):
    act = merges.contacts(user(kept), user(gone), wins=wins, now=NOW, by=None)
    resettling.settle_all(now=NOW)
    return act


def undo(act):
    act.refresh_from_db()
    done = undoing.undo(act, now=NOW, by=None)
    resettling.settle_all(now=NOW)
    return done


def test_two_contacts_are_one_and_two_again(send):
    send(group("acme", 9, userId="ann"), track(8, userId="ann"), group("birch", 5, userId="ann2"))
    send(track(3, userId="ann2"), track(7, userId="ann2"))
    first, second = user("ann"), user("ann2")
    act = merge("ann", "ann2")
    assert user("ann2") == first
    assert first.pk in Contact.objects.standing().values_list("pk", flat=True)
    assert second.pk not in Contact.objects.standing().values_list("pk", flat=True)
    # At birch since five days ago, before that at acme.
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8, 7], [3])
    undo(act)
    assert user("ann2") == second
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8], [7, 3])


def test_names_that_come_meanwhile_go_with_their_user_id(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="ann2"))
    act = merge("ann", "ann2")
    send(
        track(4, userId="ann2", anonymousId="a2"), track(3, anonymousId="a2"), track(3, userId="ann", anonymousId="a1")
    )
    assert anonymous("a2") == anonymous("a1") == user("ann")
    undo(act)
    assert (anonymous("a2"), anonymous("a1")) == (user("ann2"), user("ann"))
    assert (days_at(company("acme")), days_at(company("birch"))) == ([3], [4, 3])


def test_a_device_may_change_hands_between_merged_contacts(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="ann2"), track(5, userId="ann", anonymousId="a1"))
    act = merge("ann", "ann2")
    send(track(6, userId="ann2", anonymousId="a1"), track(2, anonymousId="a1"))
    undo(act)
    assert anonymous("a1") == user("ann2")
    assert (days_at(company("acme")), days_at(company("birch"))) == ([5], [6, 2])


def test_an_alias_of_merged_contacts_joins_them_for_good(send):
    send(group("acme", 9, userId="ann"), group("birch", 5, userId="ann2"), track(2, userId="ann2"))
    act = merge("ann", "ann2")
    send({"type": "alias", "userId": "ann", "previousId": "ann2", "timestamp": at(1)})
    assert user("ann") == user("ann2")
    assert Contact.objects.standing().filter(identities__kind="user").distinct().count() == 1
    act.refresh_from_db()
    if undoing.refusal(act) == "":
        pytest.fail("they are one person by their own calls")


def test_an_alias_brings_whom_colleagues_had_merged(send):
    send(group("acme", 9, userId="ann"), group("birch", 8, userId="ann2"), group("cedar", 7, userId="ann3"))
    send(track(2, userId="ann"), track(2, userId="ann2"), track(2, userId="ann3"))
    act = merge("ann", "ann2")
    send({"type": "alias", "userId": "ann3", "previousId": "ann2", "timestamp": at(1)})
    assert user("ann") == user("ann2") == user("ann3")
    assert days_at(company("cedar")) == [2, 2, 2]
    assert act.pk


def test_an_objection_holds_for_both_until_it_is_undone(send):
    send(
        group("acme", 9, userId="ann"), track(8, userId="ann"), group("acme", 9, userId="ann2"), track(7, userId="ann2")
    )
    objections.settle({user("ann2").pk: True}, open_day=NOW.date(), now=NOW)
    act = merge("ann", "ann2")
    assert user("ann").stop_scoring
    undo(act)
    assert (user("ann").stop_scoring, user("ann2").stop_scoring) == (False, True)


def test_texts_that_win_are_given_back(send):
    send(identify(9, userId="ann", traits={"name": "Ann"}), identify(9, userId="ann2", traits={"name": "Ann Lee"}))
    act = merge("ann", "ann2", wins=["name"])
    assert user("ann").name == "Ann Lee"
    undo(act)
    assert (user("ann").name, user("ann2").name) == ("Ann", "Ann Lee")


def test_a_moved_contact_belongs_there_from_then_on(send):
    send(
        group("acme", 9, userId="ann"), track(8, userId="ann"), track(2, userId="ann"), group("birch", 9, userId="bob")
    )
    act = moves.contact(user("ann"), company("birch"), since=NOW - timedelta(days=5), now=NOW, by=None)
    resettling.settle_all(now=NOW)
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8], [2])
    undo(act)
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8, 2], [])
    assert user("ann").customer == company("acme")


def test_a_visitor_may_be_moved_to_a_customer_and_back(send):
    send(track(8, userId="ann"), group("birch", 9, userId="bob"))
    act = moves.contact(user("ann"), company("birch"), since=None, now=NOW, by=None)
    resettling.settle_all(now=NOW)
    # Before the first membership the first one holds.
    assert days_at(company("birch")) == [8]
    undo(act)
    assert user("ann").customer.provisional
    assert days_at(company("birch")) == []
    assert days_at(user("ann").customer) == [8]


def test_a_merged_contact_is_not_merged_again(send):
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="ann2"))
    second = user("ann2")
    merge("ann", "ann2")
    with pytest.raises(Refused):
        merges.contacts(user("ann"), second, wins=(), now=NOW, by=None)
    assert Identity.objects.get(kind="user", value="ann2").via == second.pk


def test_a_refusal_of_surveys_holds_for_both_and_is_lifted_by_no_undoing(send):
    send(identify(9, userId="ann", traits={"email": "ann@acme.example"}))
    send(identify(9, userId="ann2", traits={"email": "a.lee@acme.example", "survey_opt_out": True}))
    act = merge("ann", "ann2")
    assert user("ann").survey_opt_out
    assert AddressConsent.objects.count() == 2
    undo(act)
    assert (user("ann").survey_opt_out, user("ann2").survey_opt_out) == (True, True)


def test_an_address_that_refuses_is_refused_by_whoever_takes_it_over(send):
    send(identify(9, userId="ann"), identify(9, userId="ann2", traits={"email": "ann@acme.example"}))
    send(identify(9, userId="old", traits={"email": "ann@acme.example", "survey_opt_out": True}))
    merge("ann", "ann2", wins=["email"])
    assert (user("ann").email, user("ann").survey_opt_out) == ("ann@acme.example", True)
