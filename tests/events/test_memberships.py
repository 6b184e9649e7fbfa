"""Who belonged where when: late news, names that change hands, aliases, and what stood before memberships were kept."""

from datetime import timedelta

import pytest
from django.db import connection

from customers import lifecycle
from customers.models import Contact, Customer, Identity, Membership
from customers.models.contact import BEGINNING
from customers.people import adopting
from events import ingest
from events.models import DailyCount, Event
from scoring.verify import belonging
from scoring.verify.report import Report
from tests.conftest import NOW
from tests.events.checks import everything_is_where_it_belongs
from tests.events.people import anonymous, at, company, days_at, group, identify, track, user


def alias(user_id, previous, days=0):
    return {"type": "alias", "userId": user_id, "previousId": previous, "timestamp": at(days)}


def test_a_late_event_belongs_to_the_company_of_its_time(send):
    send(group("acme", 9, userId="ann"), group("birch", 5, userId="ann"))
    send(track(7, userId="ann"), track(12, userId="ann"), track(1, userId="ann"))
    assert (days_at(company("acme")), days_at(company("birch"))) == ([12, 7], [1])


def test_a_late_group_call_moves_what_was_done_since(send):
    send(group("acme", 9, userId="ann"), track(8, userId="ann"), track(3, userId="ann"))
    send(track(2, userId="ann", context={"groupId": "acme"}))
    send(group("birch", 5, userId="ann"))
    assert (days_at(company("acme")), days_at(company("birch"))) == ([8, 2], [3])
    withdrawn = Event.objects.exclude(void_on=None).get()
    assert (withdrawn.customer, withdrawn.void_act.kind) == (company("acme"), "move")
    told = Event.objects.live().get(customer=company("birch"))
    assert (told.known_on, told.told_act) == (NOW.date(), withdrawn.void_act)


def test_a_call_that_says_again_what_is_known_holds_beside_a_later_one(send):
    send(group("acme", 9, userId="ann"), group("acme", 6, userId="ann"), track(5, userId="ann"))
    send(group("birch", 8, userId="ann"))
    assert (days_at(company("acme")), days_at(company("birch"))) == ([5], [])
    assert (user("ann").customer, user("ann").joined_at) == (company("acme"), NOW - timedelta(days=6))


def test_a_device_belongs_to_whom_it_was_earliest_seen_with(send):
    send(track(9, anonymousId="a1"), identify(3, userId="bob", anonymousId="a1"))
    assert days_at(user("bob").customer) == [9]
    send(identify(5, userId="ann", anonymousId="a1"))
    assert anonymous("a1") == user("ann")
    assert (days_at(user("ann").customer), days_at(user("bob").customer)) == ([9], [])
    send(identify(4, userId="bob", anonymousId="a1"))
    assert anonymous("a1") == user("ann")


def test_who_belonged_somewhere_only_by_a_device_of_another_is_at_home_again(send):
    send(group("acme", 9, anonymousId="a1"), identify(3, userId="bob", anonymousId="a1"), track(2, userId="bob"))
    assert days_at(company("acme")) == [2]
    send(identify(5, userId="ann", anonymousId="a1"))
    bob = user("bob")
    assert (user("ann").customer, bob.customer.provisional, bob.joined_at) == (company("acme"), True, None)
    assert (days_at(company("acme")), days_at(bob.customer)) == ([], [2])


def test_an_alias_joins_two_users_with_all_they_did(send):
    send(group("acme", 9, userId="old"), track(8, userId="old"), track(3, userId="new"), track(2, anonymousId="a1"))
    send(alias("new", "old", 1))
    assert user("old") == user("new")
    assert days_at(company("acme")) == [8, 3]
    send(alias("new", "a1"))
    assert anonymous("a1") == user("new")
    assert days_at(company("acme")) == [8, 3, 2]
    assert Contact.objects.count() == 1


def test_an_alias_holds_for_an_id_that_is_seen_later_as_either_kind(send):
    send(alias("new", "old", 5), group("acme", 4, userId="new"))
    send(track(2, userId="old"), track(1, anonymousId="old"))
    assert days_at(company("acme")) == [2, 1]


@pytest.mark.parametrize("missing", ["userId", "previousId"])
def test_an_alias_needs_both_ids(send, missing):
    message = {**alias("new", "old"), "anonymousId": "a1"}
    del message[missing]
    assert send(message).reasons == ("An alias call needs a userId and a previousId.",)


def test_a_person_whom_staff_listed_stays_at_their_own_customer_until_they_join_another(send):
    send(track(9, userId="ann"))
    home = user("ann").customer
    lifecycle.edit({home.pk: {"name": "Ann's shop"}}, now=NOW, by=None)
    send(group("acme", 5, userId="ann"), track(2, userId="ann"), track(7, userId="ann"))
    assert (days_at(home), days_at(company("acme"))) == ([9, 7], [2])


def test_private_customers_keep_what_they_did_before_they_joined_a_company(send, settings):
    settings.PEOPLE_ARE_CUSTOMERS = True
    send(track(9, userId="ann"))
    home = user("ann").customer
    send(group("acme", 5, userId="ann"), track(2, userId="ann"), track(7, userId="ann"))
    assert (days_at(home), days_at(company("acme"))) == ([9, 7], [2])


def test_what_stood_before_memberships_were_kept_stays_where_it_is(send):
    send(group("acme", 9, userId="ann"), identify(8, userId="ann", anonymousId="a1"), track(7, userId="ann"))
    Membership.objects.all().delete()
    Identity.objects.update(linked_at=None, linked_hash=None)
    assert adopting.adopt() == 2
    assert adopting.adopt() == 0
    send(track(12, userId="ann"), identify(11, userId="bob", anonymousId="a1"))
    assert (days_at(company("acme")), anonymous("a1")) == ([12, 7], user("ann"))
    assert Identity.objects.get(value="a1").linked_at == BEGINNING


def test_verify_names_events_and_contacts_that_are_elsewhere(send):
    send(
        group("acme", 9, userId="ann"), group("birch", 5, userId="ann"), track(3, userId="ann"), track(2, userId="ann")
    )
    acme, birch, ann = company("acme"), company("birch"), user("ann")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET customer_id = %s", [acme.pk])
        cursor.execute("UPDATE customers_contact SET customer_id = %s", [acme.pk])
    report = Report()
    belonging.of_customers(0, 2**62, report)
    assert [str(difference) for difference in report.unexplained] == [
        f"2 events of contact {ann.pk} at customer {acme.pk}: stored there, derived of contact {ann.pk} at customer "
        f"{birch.pk}",
        f"Contact {ann.pk}: stored at customer {acme.pk}, derived at customer {birch.pk}",
    ]
    Event.objects.all().delete()
    DailyCount.objects.all().delete()
    Contact.objects.update(customer=birch)
    with connection.cursor() as cursor:
        for table in ("events_activeday", "events_sourceday"):
            cursor.execute(f"DELETE FROM {table}")


@pytest.mark.django_db(transaction=True)
def test_events_that_wait_to_be_moved_are_pending(website):
    ingest.record([track(9, userId="ann")], source=website, now=NOW)
    ingest.record([group("acme", 5, userId="ann")], source=website, now=NOW)
    report = Report()
    belonging.of_customers(0, 2**62, report)
    assert (report.differences, report.pending) == (0, {"events that move to where they belong": 1})
    with pytest.raises(AssertionError):
        everything_is_where_it_belongs()
    assert Customer.objects.count() == 2


def test_two_who_belonged_before_memberships_were_kept_become_one(send):
    send(group("acme", 9, anonymousId="a1"), group("acme", 8, userId="ann"))
    Membership.objects.all().delete()
    Contact.objects.update(joined_at=None)
    adopting.adopt()
    send(identify(0, userId="ann", anonymousId="a1"))
    assert (anonymous("a1"), user("ann").customer) == (user("ann"), company("acme"))
    assert {row.contact for row in Membership.objects.all()} == {user("ann")}
