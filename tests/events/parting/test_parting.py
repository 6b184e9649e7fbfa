"""Two people who shared an id are two again: each with their events, and counts as if it had never been sent."""

import pytest
from django.db import transaction

from core.days import business_day
from customers import contact_counts
from customers.models import Act, Contact, Identity, WrongId
from events import ingest
from events.log import objections, resettling
from events.models import Event, Parting
from events.parting import chunks, lifecycle, work
from scoring.verify import check
from tests.conftest import NOW
from tests.events.corrections.steps import closed, history_rows, stands
from tests.events.parting.steps import TOMORROW, counted, did, parted, two_people
from tests.events.people import anonymous, company, days_at, group, user


@pytest.fixture
def glued(send):
    """Ann and Bob, both sent as "null" before there were wrong ids, and their twins, who never were."""
    send(*two_people(userId="null"), *two_people("twin-"))


def whose():
    """Return at which company, under which name and how many days ago live events of the two happened."""
    rows = Event.objects.live().filter(customer__name__in=["acme", "birch"]).order_by("occurred_at")
    return [(row.customer.name, row.person.value, round((NOW - row.occurred_at).days)) for row in rows]


def equal_their_twins(now=NOW):
    contact_counts.note(now=now)
    for name in ("acme", "birch"):
        assert stands(name, now) == stands(f"twin-{name}", now)


def test_they_were_one(glued):
    assert anonymous("ann-phone") == anonymous("bob-phone") == user("null")
    with pytest.raises(AssertionError):
        equal_their_twins()


def test_by_device_each_has_their_events_and_counts_are_those_of_a_twin(glued):
    job = parted("null")
    assert (job.state, job.people, job.changed, job.rest) == ("done", 2, 6, 0)
    ann, bob = anonymous("ann-phone"), anonymous("bob-phone")
    assert (ann.customer, bob.customer) == (company("acme"), company("birch"))
    assert whose() == [
        ("acme", "ann-phone", 9), ("birch", "bob-phone", 8), ("birch", "bob-phone", 5), ("acme", "ann-phone", 3),
        ("birch", "bob-phone", 2), ("acme", "ann-phone", 1),
    ]  # fmt: skip
    equal_their_twins()
    assert user("null").customer.provisional, "of whom nothing is left stands in no list"


def test_closed_days_stay_as_they_were_known(glued):
    stands("acme")
    closed()
    before = history_rows()
    parted("null", now=TOMORROW)
    assert before and history_rows() == before
    equal_their_twins(TOMORROW)


def test_nothing_changes_before_it_is_carried_out(glued):
    before = whose(), list(Contact.objects.values_list("pk", flat=True))
    job = counted("null")
    assert (job.people, job.events, job.rest, job.homeless) == (2, 6, 0, 0)
    assert sorted(job.parts.values_list("events", flat=True)) == [3, 3]
    lifecycle.cancel(job, now=NOW)
    assert (whose(), list(Contact.objects.values_list("pk", flat=True))) == before


def test_what_came_without_a_device_stays_with_the_contact(glued, send):
    send(*(did(days, "acme", userId="null") for days in (7, 6)))
    job = parted("null")
    assert (job.rest, job.changed) == (2, 6)
    rest = Event.objects.live().filter(contact=user("null"))
    assert sorted(rest.values_list("customer__name", "person__value")) == [("acme", "null")] * 2
    assert not user("null").customer.provisional


def test_the_rest_goes_to_whom_staff_names(glued, send):
    send(*(did(days, userId="null") for days in (7, 6)))  # after Bob's group call: at his company
    ann = Identity.objects.get(value="ann-phone")
    job = parted("null", rest_with=str(ann.pk))
    assert (job.people, job.changed) == (1, 3)
    assert anonymous("ann-phone") == user("null") != anonymous("bob-phone")
    assert user("null").customer == company("acme")
    assert days_at(company("acme")) == [9, 7, 6, 3, 1]


def test_on_the_list_of_wrong_ids_new_messages_go_by_their_device(glued, send, shop):
    send(group("till-shop", 15, userId="till-7", anonymousId="t1"), did(4, userId="till-7", anonymousId="t1"))
    parted("till-7")
    assert WrongId.objects.get().value == "till-7"
    shop.wrong_ids = WrongId.objects.known()
    send(did(1, userId="till-7", anonymousId="t1"))
    assert anonymous("t1") != user("till-7")
    assert days_at(company("till-shop")) == [4, 1]


def test_kept_off_the_list_a_new_message_joins_them_again(glued, send):
    parted("null", puts_on_list=False)
    send(did(0, "acme", userId="null", anonymousId="ann-phone"))
    assert anonymous("ann-phone") == user("null") != anonymous("bob-phone")


def test_a_built_in_wrong_id_needs_no_row(glued):
    parted("null")
    assert not WrongId.objects.exists()


def test_each_company_reads_on_its_timeline_what_was_done(glued):
    parted("null")
    acts = Act.objects.filter(kind="part").exclude(customer=None).order_by("customer__name")
    assert [(act.customer.name, act.detail["came"], act.detail["events"]) for act in acts] == [
        ("acme", False, 3), ("birch", False, 3),
    ]  # fmt: skip
    assert acts[0].part_of.detail["id"] == "null" and acts[0].part_of.detail["events"] == 6


def test_who_objected_is_not_scored_under_any_name(glued, send):
    with transaction.atomic():
        objections.settle({user("null").pk: True}, open_day=business_day(NOW), now=NOW)
    parted("null")
    assert anonymous("ann-phone").stop_scoring and anonymous("bob-phone").stop_scoring
    assert stands("acme")["counts"] == []


@pytest.mark.django_db(transaction=True)
def test_verify_is_clean_before_meanwhile_and_after(shop, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 2)
    messages = two_people(userId="null")
    ingest.record(messages, source=shop, now=NOW)
    ingest.record([did(7, anonymousId="ann-phone")], source=shop, now=NOW)
    resettling.settle_all(now=NOW)
    job = counted("null")
    lifecycle.carry_out(job, now=NOW, by=None)
    mine = work.leased.claim(Parting, now=NOW, pk=job.pk)
    pending = []
    for _ in work.steps(mine, lambda: NOW):
        report = check()
        assert [str(difference) for difference in report.unexplained] == []
        pending.append(sum(report.pending.values()))
    assert pending[0] == 1, "what came under the device alone follows behind"
    resettling.settle_all(now=NOW)
    report = check()
    assert ([str(difference) for difference in report.unexplained], report.pending) == ([], {})
