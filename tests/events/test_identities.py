"""Who did it: an anonymous id belongs to the first user id seen with it, and its history goes along."""

from itertools import permutations

import pytest

from customers.models import Act, Affiliation, Changed, Contact, Customer, Identity
from events.models import ActiveDay, ActiveNow, DailyCount, Event
from tests.conftest import NOW
from tests.events.people import anonymous, at, company, days_at, group, identify, track, user

ANN_AT_ACME = group("acme", 9, userId="ann")
LINK = identify(0, userId="ann", anonymousId="a1")


def test_a_person_nobody_knows_gets_a_provisional_customer_of_their_own(send):
    send(track(1, anonymousId="a1"), track(2, anonymousId="a2"), track(3, userId="ann"))
    assert list(Customer.objects.values_list("provisional", "kind")) == [(True, "person")] * 3
    assert Event.objects.filter(company=None).count() == 3
    assert not Customer.objects.known().exists()


def test_the_history_of_an_anonymous_person_goes_to_the_user_they_turn_out_to_be(send):
    send(ANN_AT_ACME)
    send(track(3, anonymousId="a1"), track(3, anonymousId="a1"), track(1, anonymousId="a1"))
    provisional = anonymous("a1").customer
    assert days_at(provisional) == [3, 3, 1]
    Changed.objects.all().delete()

    send(LINK)
    acme, ann = company("acme"), user("ann")
    assert anonymous("a1") == ann
    assert days_at(acme) == [3, 3, 1]
    assert not Customer.objects.filter(pk=provisional.pk).exists()
    assert list(Contact.objects.all()) == [ann]
    stored = Event.objects.values_list("contact", "company", "person__value", "known_on").distinct()
    assert list(stored) == [(ann.pk, None, "a1", NOW.date())]
    counted = DailyCount.objects.values_list("customer", "day", "count").order_by("day")
    assert [(customer, day.day, count) for customer, day, count in counted] == [(acme.pk, 12, 2), (acme.pk, 14, 1)]
    assert set(ActiveDay.objects.values_list("customer", "contact")) == {(acme.pk, ann.pk)}
    act = Act.objects.get()
    assert (act.kind, act.customer) == ("move", acme)
    assert [act.detail[name] for name in ("events", "first", "last")] == [3, "2026-06-12", "2026-06-14"]
    assert Changed.objects.filter(customer=acme, stage="score").exists()
    assert not Changed.objects.filter(stage="resettle").exists()


def test_the_first_user_id_takes_an_anonymous_person_over_as_they_are(send):
    send(track(1, anonymousId="a1"))
    before = anonymous("a1")
    send(LINK)
    assert user("ann") == anonymous("a1") == before
    assert not Act.objects.exists()


def test_an_anonymous_history_waits_with_a_user_who_has_no_company_yet(send):
    send(track(5, userId="ann"))
    send(track(3, anonymousId="a1"))
    send(LINK)
    assert days_at(user("ann").customer) == [5, 3]
    send(ANN_AT_ACME)
    assert days_at(company("acme")) == [5, 3]
    assert Customer.objects.count() == 1


def test_any_call_that_carries_both_ids_links_them(send):
    for i, link in enumerate((track, identify, lambda days, **ids: group(f"company {days}", days, **ids))):
        send(track(5, anonymousId=f"a{i}"))
        send(track(4, userId=f"u{i}"))
        send(link(i, userId=f"u{i}", anonymousId=f"a{i}"))
        assert anonymous(f"a{i}") == user(f"u{i}")


def test_two_users_are_never_merged_by_an_anonymous_id(send):
    send(track(3, userId="ann", anonymousId="a1"), track(2, userId="bob"))
    send(track(1, userId="bob", anonymousId="a1"))
    send(track(0, anonymousId="a1"))
    assert user("ann") != user("bob")
    assert anonymous("a1") == user("ann")
    assert days_at(user("ann").customer) == [3, 0]
    assert days_at(user("bob").customer) == [2, 1]


def test_a_second_new_user_of_a_shared_machine_is_somebody_else(send):
    send(track(3, userId="ann", anonymousId="a1"))
    send(track(1, userId="bob", anonymousId="a1"))
    assert user("ann") != user("bob")
    assert anonymous("a1") == user("ann")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_one_batch_the_order_does_not_matter(send, order):
    send(ANN_AT_ACME)
    messages = [
        track(4, anonymousId="a1"),
        identify(3, userId="ann", anonymousId="a1"),
        track(2, userId="bob", anonymousId="a1"),
        track(1, anonymousId="a1"),
    ]
    send(*(messages[i] for i in order))
    assert days_at(company("acme")) == [4, 1]
    assert days_at(user("bob").customer) == [2]
    assert Customer.objects.count() == 2


def test_the_earlier_of_two_users_in_a_batch_gets_the_anonymous_id(send):
    send(track(1, userId="bob", anonymousId="a1"), track(2, userId="ann", anonymousId="a1"))
    assert anonymous("a1") == user("ann") != user("bob")


def test_several_anonymous_ids_become_one_user(send):
    send(ANN_AT_ACME)
    for i in range(1, 4):
        send(track(i, anonymousId=f"a{i}"))
    send(*(identify(0, userId="ann", anonymousId=f"a{i}") for i in range(1, 4)))
    assert days_at(company("acme")) == [3, 2, 1]
    assert Identity.objects.filter(contact=user("ann")).count() == 4
    assert (Customer.objects.count(), Contact.objects.count(), Act.objects.count()) == (1, 1, 3)


def test_what_an_anonymous_person_did_at_another_company_stays_there_under_the_user(send):
    send(ANN_AT_ACME)
    send(track(3, anonymousId="a1"), track(2, anonymousId="a1", context={"groupId": "birch"}))
    send(LINK)
    assert (days_at(company("acme")), days_at(company("birch"))) == ([3], [2])
    assert set(Event.objects.live().values_list("contact", flat=True)) == {user("ann").pk}
    assert set(ActiveNow.objects.values_list("contact", flat=True)) == {user("ann").pk}
    assert list(Affiliation.objects.values_list("contact", "customer")) == [(user("ann").pk, company("birch").pk)]
    assert {act.customer for act in Act.objects.all()} == {company("acme"), company("birch")}


def test_what_an_anonymous_person_did_at_the_users_own_company_is_counted_once(send):
    send(ANN_AT_ACME)
    send(track(3, anonymousId="a1"), track(2, anonymousId="a1", context={"groupId": "acme"}))
    send(LINK)
    assert days_at(company("acme")) == [3, 2]
    assert not Affiliation.objects.exists()


def test_an_anonymous_member_of_a_company_stays_one_as_a_user(send):
    send(group("acme", 5, anonymousId="a1"), track(4, anonymousId="a1"))
    send(track(3, userId="ann"))
    send(LINK)
    assert user("ann").customer == company("acme")
    assert days_at(company("acme")) == [4, 3]
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(("anonymous_since", "present"), [(7, "birch"), (11, "acme")])
def test_of_two_memberships_the_later_holds_when_they_turn_out_to_be_one_persons(send, anonymous_since, present):
    send(ANN_AT_ACME, track(8, userId="ann"))
    send(group("birch", anonymous_since, anonymousId="a1"), track(6, anonymousId="a1"))
    send(LINK)
    assert user("ann").customer == company(present)
    at_six = {"acme": ([8, 6], []), "birch": ([8], [6])}[present]  # where they belonged when it happened
    assert (days_at(company("acme")), days_at(company("birch"))) == at_six


def test_what_was_said_about_the_anonymous_person_holds_for_the_user_if_it_is_newer(send):
    send(identify(5, userId="ann", traits={"name": "Ann", "email": "old@acme.example", "team": "blue"}))
    send(identify(3, anonymousId="a1", traits={"email": "new@acme.example", "team": "red", "role": "Buyer"}))
    send(identify(7, anonymousId="a1", traits={"name": "A."}))
    Contact.objects.filter(pk=anonymous("a1").pk).update(survey_opt_out=True)
    send(LINK)
    ann = user("ann")
    assert (ann.name, ann.email, ann.role) == ("Ann", "new@acme.example", "Buyer")
    assert ann.traits == {"team": "red"}
    assert ann.survey_opt_out and not ann.stop_scoring


def test_a_repeated_link_changes_nothing(send):
    send(ANN_AT_ACME, track(1, anonymousId="a1"))
    for _ in range(3):
        send({**LINK, "messageId": "link"})
        send({**LINK, "timestamp": at(2)})
    assert Act.objects.count() == 1
    assert days_at(company("acme")) == [1]
