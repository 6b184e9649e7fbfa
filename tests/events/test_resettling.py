"""Links are written at once, events follow: in parts, resumed by any worker, whenever it comes."""

import pytest
from django.db import transaction

from customers.models import Act, Changed, Contact, Customer
from events import ingest
from events.log import resettling
from events.models import Event
from scoring.verify import check
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, nothing_hangs_in_the_air
from tests.events.people import anonymous, company, days_at, group, identify, track, user


@pytest.fixture
def record(website):
    """Record messages at NOW without settling anything, as while no worker runs."""

    def record(*messages):
        return ingest.record(messages, source=website, now=NOW)

    return record


def settled():
    resettling.settle_all(now=NOW)
    assert not Changed.objects.filter(stage="resettle").exists()
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()


def test_the_request_writes_the_link_and_the_stage_moves_the_events(record):
    record(group("acme", 9, userId="ann"), *(track(ago, anonymousId="a1") for ago in (3, 2, 1)))
    visitor = anonymous("a1").customer
    record(identify(0, userId="ann", anonymousId="a1"))
    assert anonymous("a1") == user("ann")
    assert (days_at(visitor), days_at(company("acme"))) == ([3, 2, 1], [])
    counts_are_those_of_the_log()
    settled()
    assert days_at(company("acme")) == [3, 2, 1]
    assert not Customer.objects.filter(pk=visitor.pk).exists()


def test_a_part_at_a_time_leaves_counts_true_and_the_rest_waiting(record):
    record(group("acme", 9, userId="ann"), *(track(ago, anonymousId="a1") for ago in range(1, 6)))
    record(identify(0, userId="ann", anonymousId="a1"))
    seen = []
    while resettling.settle(now=NOW, limit=2):
        counts_are_those_of_the_log()
        seen.append(len(days_at(company("acme"))))
    assert [seen[0], *sorted(set(seen))] == [0, 0, 2, 4, 5]  # ann's own events are looked at first
    act = Act.objects.get()
    assert [act.detail[name] for name in ("events", "first", "last")] == [5, "2026-06-10", "2026-06-14"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_its_part_to_the_next(record, monkeypatch):
    record(group("acme", 9, userId="ann"), *(track(ago, anonymousId="a1") for ago in (3, 2, 1)))
    record(identify(0, userId="ann", anonymousId="a1"))
    monkeypatch.setattr(resettling.acts, "extend", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        resettling.settle_all(now=NOW)
    assert days_at(company("acme")) == []
    monkeypatch.undo()
    settled()
    assert days_at(company("acme")) == [3, 2, 1]


def test_where_a_visitors_past_goes_is_decided_when_the_link_is_seen(record):
    """However long the stage waits: the company of that moment, not one the person joins meanwhile."""
    record(track(5, anonymousId="a1"), group("acme", 9, userId="ann"))
    record(identify(4, userId="ann", anonymousId="a1"))
    record(group("birch", 1, userId="ann"))
    settled()
    assert (days_at(company("acme")), days_at(company("birch"))) == ([5], [])


def test_a_past_that_waits_behind_another_ends_at_the_same_company(record):
    record(track(5, anonymousId="a1"), track(4, userId="ann"))
    record(identify(3, userId="ann", anonymousId="a1"))
    record(group("acme", 2, userId="ann"))
    settled()
    assert days_at(company("acme")) == [5, 4]
    assert list(Customer.objects.all()) == [company("acme")]


def test_what_a_visitor_did_at_a_listed_company_is_withdrawn_and_told_as_the_users(record):
    record(track(3, anonymousId="a1", context={"groupId": "birch"}), group("acme", 9, userId="ann"))
    visitor = anonymous("a1").pk
    record(identify(0, userId="ann", anonymousId="a1"))
    settled()
    birch = Event.objects.filter(customer=company("birch"))
    assert [(event.contact_id, event.void_on) for event in birch.order_by("id")] == [
        (visitor, NOW.date()), (user("ann").pk, None),
    ]  # fmt: skip
    [act] = Act.objects.filter(customer=company("birch"))
    assert {event.void_act_id or event.told_act_id for event in birch} == {act.pk}


def test_a_visitor_without_events_leaves_nothing_behind(record):
    record(identify(3, anonymousId="a1"), group("acme", 9, userId="ann"))
    record(identify(0, userId="ann", anonymousId="a1"))
    settled()
    assert list(Customer.objects.all()) == [company("acme")]
    assert list(Contact.objects.all()) == [user("ann")]
    assert not Act.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_verify_is_clean_before_and_after(record):
    record(group("acme", 9, userId="ann"), *(track(ago, anonymousId="a1") for ago in (3, 2)))
    record(identify(0, userId="ann", anonymousId="a1"))
    assert check().differences == 0
    with transaction.atomic():
        settled()
    assert check().differences == 0
