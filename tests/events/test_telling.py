"""Withdrawing and telling again: chunk by chunk, two at once, with counts that follow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core import days
from customers.models import Act
from events.log import telling, type_days
from events.log.telling import Which
from events.models import ActiveNow, CountNow, DailyCount, Event, EventType
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log
from tests.events.people import company, group, track

TODAY = NOW.date()


@pytest.fixture
def acme(send):
    """A customer whose ann did the same thing on each of five days, and signed in once; somebody else did, too."""
    send(group("acme", 9, userId="ann"), group("birch", 9, userId="bob"))
    send(*(track(ago, userId="ann") for ago in range(5)), track(2, "Signed in", userId="ann"), track(1, userId="bob"))
    return company("acme")


def reports(customer):
    return Which([customer.pk], "event_type_id = %(type)s", {"type": EventType.objects.get(name="Report created").pk})


def act():
    return Act.objects.create(kind=Act.Kind.CORRECTION, at=NOW).pk


def test_what_is_withdrawn_is_gone_from_the_present_and_stays_in_the_log(acme):
    number = act()
    told = telling.withdraw(reports(acme), act=number, open_day=TODAY)
    assert (told.events, days.business_day(told.first), days.business_day(told.last)) == (
        5, TODAY - timedelta(days=4), TODAY,
    )  # fmt: skip
    assert [event.event_type.name for event in Event.objects.live().filter(customer=acme)] == ["Signed in"]
    assert set(Event.objects.filter(void_act=number).values_list("void_on", flat=True)) == {TODAY}
    assert [row.event_type.name for row in CountNow.objects.filter(customer=acme)] == ["Signed in"]
    assert ActiveNow.objects.filter(customer=acme).count() == 1
    assert CountNow.objects.exclude(customer=acme).count() == 1


def test_a_chunk_takes_so_many_the_oldest_first_and_the_last_takes_none(acme):
    taken = [telling.withdraw(reports(acme), act=act(), open_day=TODAY, limit=2).events for _ in range(4)]
    assert taken == [2, 2, 1, 0]
    assert Event.objects.filter(void_on=TODAY).count() == 5


def test_what_was_known_before_stays_known_then(acme):
    tomorrow = TODAY + timedelta(days=1)
    telling.withdraw(reports(acme), act=act(), open_day=tomorrow)
    known_then = DailyCount.objects.filter(customer=acme, known_on__lte=TODAY).values_list("count", flat=True)
    assert list(known_then) == [1] * 6
    assert sorted(DailyCount.objects.filter(known_on=tomorrow).values_list("count", flat=True)) == [-1] * 5


def test_what_is_told_again_is_as_it_was_but_for_what_changed(acme):
    failed = EventType.objects.get(name="Payment failed")
    changed = {"event_type_id": str(failed.pk), "is_activity": "FALSE"}
    before = set(Event.objects.live().filter(customer=acme).values_list("occurred_at", "message_hash"))
    telling.tell_again(reports(acme), changed=changed, act=act(), open_day=TODAY)
    type_days.note_told(
        failed.pk, day=TODAY - timedelta(days=4), known_on=TODAY, by_contact=False
    )  # as whoever corrects events does
    told = Event.objects.live().filter(event_type=failed)
    assert {(event.occurred_at, event.message_hash) for event in told} < before
    assert CountNow.objects.get(event_type=failed, day=TODAY).count == 1
    assert ActiveNow.objects.filter(customer=acme).count() == 1
    assert Event.objects.filter(customer=acme).count() == 11


def test_what_was_withdrawn_can_be_told_again_as_it_was(acme):
    counts = set(CountNow.objects.values_list("customer", "event_type", "day", "count"))
    wrong, again = act(), act()
    telling.withdraw(reports(acme), act=wrong, open_day=TODAY)
    telling.restore(Which([acme.pk], "void_act_id = %(wrong)s", {"wrong": wrong}), act=again, open_day=TODAY)
    assert set(CountNow.objects.values_list("customer", "event_type", "day", "count")) == counts
    assert Event.objects.filter(told_act=again, void_on=None).count() == 5


def test_the_questions_are_as_many_for_one_event_as_for_five(acme, django_assert_num_queries):
    which = reports(acme)
    for limit in (1, 4):
        with django_assert_num_queries(6):
            telling.withdraw(which, act=None, open_day=TODAY, limit=limit)


def test_no_event_is_withdrawn_before_it_was_known(acme):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(customer=acme).update(void_on=TODAY - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_who_withdraw_the_same_events_withdraw_them_once(send):
    send(group("acme", 9, userId="ann"), *(track(0, userId="ann", messageId=f"m{i}") for i in range(40)))
    which = reports(company("acme"))

    def withdraw():
        taken = 0
        try:
            while True:
                with transaction.atomic():
                    told = telling.withdraw(which, act=None, open_day=days.lock_open_day(NOW), limit=3)
                if not told.events:
                    return taken
                taken += told.events
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        taken = [worker.result() for worker in [workers.submit(withdraw) for _ in range(2)]]
    assert sum(taken) == 40
    assert not CountNow.objects.exists()
    counts_are_those_of_the_log()
