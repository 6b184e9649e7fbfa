"""Who objects to being scored counts nowhere from that day on; counts stay those of the log, whatever comes between."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from core import days
from customers.models import Act, Contact, Exclusion
from events import ingest
from events.log import objections, resettling
from events.models import CountNow, DailyCount, Event
from records import contacts
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log
from tests.events.people import anonymous, company, group, identify, track, user

TODAY = NOW.date()


def on(day):
    return NOW + timedelta(days=day)


def close_until(day):
    for due in list(days.due(on(day))):
        days.close(due, on(day))


def object_to(contact, objects=True, *, day=0):
    close_until(day)
    with transaction.atomic():
        return objections.settle({contact.pk: objects}, open_day=days.lock_open_day(on(day)), now=on(day))


def counted(customer, known_on=None):
    rows = DailyCount.objects.filter(customer=customer)
    rows = rows if known_on is None else rows.filter(known_on__lte=known_on)
    return rows.aggregate(n=Sum("count"))["n"] or 0


def acme_with_ann(send, events=3):
    send(group("acme", 9, userId="ann"), *(track(n + 1, userId="ann", messageId=f"m{n}") for n in range(events)))
    return company("acme"), user("ann")


def test_it_takes_effect_on_the_open_day_and_on_none_before(send):
    acme, ann = acme_with_ann(send)
    object_to(ann, day=2)
    assert (counted(acme, TODAY + timedelta(days=1)), counted(acme)) == (3, 0)
    assert not CountNow.objects.filter(customer=acme).exists()
    send(track(userId="ann"), now=on(3))
    assert counted(acme) == 0
    object_to(ann, objects=False, day=5)
    assert (counted(acme, TODAY + timedelta(days=4)), counted(acme)) == (0, 4)


def test_said_twice_it_is_one_objection_and_one_act(send):
    _acme, ann = acme_with_ann(send)
    assert object_to(ann) == [ann.pk]
    assert object_to(ann) == []
    assert Exclusion.objects.count() == Act.objects.filter(kind=Act.Kind.OBJECTION).count() == 1


def test_taken_back_on_the_same_day_it_never_was(send):
    acme, ann = acme_with_ann(send)
    object_to(ann)
    object_to(ann, objects=False)
    assert counted(acme) == 3


def test_nobody_else_is_touched(send):
    acme, ann = acme_with_ann(send)
    send(group("acme", 9, userId="bob"), track(userId="bob", messageId="b"), group("beta", 9, userId="eve"),
         track(userId="eve", messageId="e"))  # fmt: skip
    object_to(ann)
    assert (counted(acme), counted(company("beta"))) == (1, 1)


def test_events_at_a_former_company_cease_to_count_too(send):
    acme, ann = acme_with_ann(send)
    send(group("beta", 0, userId="ann"), track(userId="ann", messageId="at beta"))
    object_to(ann)
    assert (counted(acme), counted(company("beta"))) == (0, 0)
    assert set(Act.objects.values_list("customer__name", flat=True)) == {"acme", "beta"}


def test_a_flag_from_before_this_release_is_adopted_once(send):
    acme, ann = acme_with_ann(send)
    Contact.objects.filter(pk=ann.pk).update(stop_scoring=True)
    close_until(1)
    assert (objections.adopt(now=on(1)), objections.adopt(now=on(1))) == (1, 0)
    assert (counted(acme, TODAY), counted(acme)) == (3, 0)
    assert Exclusion.objects.get().from_on == TODAY + timedelta(days=1)


def test_more_flags_than_one_transaction_takes_are_adopted(send, monkeypatch):
    monkeypatch.setattr(objections, "ADOPTED_AT_ONCE", 2)
    send(*(group("acme", 9, userId=f"u{n}") for n in range(5)))
    Contact.objects.update(stop_scoring=True)
    assert objections.adopt(now=NOW) == 5


@pytest.mark.django_db(transaction=True)
def test_adopted_by_two_at_once_it_is_adopted_once(website):
    ingest.record([group("acme", 9, userId="ann"), track(userId="ann")], source=website, now=NOW)
    Contact.objects.update(stop_scoring=True)
    adopted, together = [], threading.Barrier(2)

    def adopt():
        try:
            together.wait()
            adopted.append(objections.adopt(now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=adopt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(adopted) == [0, 1]
    assert counted(company("acme")) == 0
    counts_are_those_of_the_log()


@pytest.mark.django_db(transaction=True)
def test_events_that_come_while_it_is_settled_are_stored_and_never_counted(website):
    ingest.record([group("acme", 9, userId="ann")], source=website, now=NOW)
    ann, errors = user("ann"), []

    def send(number):
        try:
            for i in range(8):
                ingest.record([track(userId="ann", messageId=f"{number} {i}")], source=website, now=NOW)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for objects in (True, False, True):
        contacts.write([{"customer_id": ann.customer_id, "user_id": "ann", "stop_scoring": objects}], now=NOW)
    for thread in threads:
        thread.join()
    assert errors == []
    assert (Event.objects.live().count(), counted(company("acme"))) == (24, 0)
    counts_are_those_of_the_log()


# A visitor who objects, by e-mail, and turns out to be a user


def visitor_objects(send, *, listed):
    """A visitor of two events, known by an address, objects; `listed`: at a company, else in no list."""
    at = [{"context": {"groupId": "acme"}}] if listed else [{}]
    send(
        *(group("acme", 9, anonymousId="x") for _ in range(listed)),
        identify(9, anonymousId="x", traits={"email": "ann@acme.example"}),
        *(track(n + 1, anonymousId="x", messageId=f"v{n}", **extra) for n in range(2) for extra in at),
    )
    object_to(anonymous("x"), day=1)


@pytest.mark.parametrize("listed", [True, False])
def test_who_turns_out_to_be_a_user_takes_the_objection_along(send, listed):
    acme, ann = acme_with_ann(send)
    visitor_objects(send, listed=listed)
    send(identify(userId="ann", anonymousId="x"), now=on(2))
    ann.refresh_from_db()
    assert ann.stop_scoring
    assert counted(acme) == 0
    assert {event.contact_id for event in Event.objects.live()} == {ann.pk}
    counts_are_those_of_the_log()
    object_to(ann, objects=False, day=4)
    assert counted(acme) == 5


@pytest.mark.parametrize("listed", [True, False])
def test_a_visitor_who_does_not_object_turns_out_to_be_a_user_who_does(send, listed):
    acme, ann = acme_with_ann(send)
    send(
        *(group("acme", 9, anonymousId="x") for _ in range(listed)),
        *(track(n + 1, anonymousId="x", messageId=f"v{n}") for n in range(2)),
    )
    object_to(ann, day=1)
    close_until(2)
    send(identify(userId="ann", anonymousId="x"), track(userId="ann", messageId="more"), now=on(2))
    assert counted(acme) == 0
    object_to(ann, objects=False, day=3)
    assert counted(acme) == 6


@pytest.mark.parametrize("listed", [True, False])
def test_in_the_batch_that_links_them_nothing_counts(send, listed):
    acme, _ann = acme_with_ann(send)
    visitor_objects(send, listed=listed)
    send(
        identify(userId="ann", anonymousId="x"),
        track(userId="ann", messageId="new"),
        track(anonymousId="x", messageId="new too"),
        now=on(2),
    )
    assert counted(acme) == 0


def test_taken_back_while_events_wait_to_be_moved_they_count_when_they_come(website):
    ingest.record([group("acme", 9, userId="ann"), group("acme", 9, anonymousId="x")], source=website, now=NOW)
    visits = [identify(9, anonymousId="x", traits={"email": "ann@acme.example"}), track(1, anonymousId="x")]
    ingest.record(visits, source=website, now=NOW)
    object_to(anonymous("x"))
    ingest.record([identify(userId="ann", anonymousId="x")], source=website, now=NOW)
    object_to(user("ann"), objects=False)
    counts_are_those_of_the_log()
    resettling.settle_all(now=NOW)
    counts_are_those_of_the_log()
    assert counted(company("acme")) == 1


def test_somebody_new_of_a_batch_is_linked_to_a_visitor_who_objects(send):
    visitor_objects(send, listed=True)
    send(group("acme", 0, userId="zoe", anonymousId="x"), track(userId="zoe", messageId="z"), now=on(2))
    assert user("zoe").stop_scoring
    assert counted(company("acme")) == 0


def test_two_visitors_of_whom_one_objected_and_took_it_back_leave_no_trace_in_the_counts(send):
    """In no list, and moved away: what was added on the days of the objection goes along."""
    send(
        identify(9, anonymousId="x", traits={"email": "ann@acme.example"}),
        track(2, anonymousId="x", messageId="x1"),
        track(2, anonymousId="y", messageId="y1"),
    )
    visitor, home = anonymous("x"), anonymous("x").customer
    object_to(visitor, day=1)
    object_to(visitor, objects=False, day=2)
    close_until(3)
    send(group("acme", 0, userId="ann"), identify(userId="ann", anonymousId="x"), now=on(3))
    counts_are_those_of_the_log()
    assert counted(company("acme")) == 1
    assert not DailyCount.objects.filter(customer=home).exists()


@pytest.mark.parametrize("back", [False, True])
def test_two_visitors_in_no_list_turn_out_to_be_one_who_objects(send, back):
    visitor_objects(send, listed=False)
    if back:
        object_to(anonymous("x"), objects=False, day=2)
    close_until(3)
    send(track(5, anonymousId="y", messageId="y1"), track(5, anonymousId="y", messageId="y2"), now=on(3))
    send(identify(anonymousId="y", traits={"email": "ann@acme.example"}), now=on(4))
    counts_are_those_of_the_log()
    assert anonymous("x") == anonymous("y")
    assert counted(anonymous("x").customer) == (4 if back else 0)
    close_until(5)
    object_to(anonymous("x"), objects=False, day=6)
    assert counted(anonymous("x").customer) == 4


# Declared history


@pytest.mark.parametrize("back", [False, True])
def test_a_history_of_somebody_who_objected_is_known_outside_of_the_objection_only(send, back):
    acme, ann = acme_with_ann(send)
    object_to(ann, day=2)
    if back:
        object_to(ann, objects=False, day=4)
    close_until(6)
    past = [track(-day, userId="ann", messageId=f"past {day}") for day in (-3, 1, 3, 5)]
    send(*past, now=on(6), history=True)
    counts_are_those_of_the_log()
    known = [counted(acme, TODAY + timedelta(days=day)) for day in (1, 3, 5)]
    # Three stood; of the past one is known before all, one on the day after, one within, one after the objection.
    assert known == ([5, 0, 7] if back else [5, 0, 0])
