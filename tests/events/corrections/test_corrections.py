"""Corrections: what is withdrawn or moved to another type counts as if it had never been sent, and closed days stay."""

import random
from datetime import timedelta

import pytest

from core.days import business_day
from customers.models import Act, Contact
from events.corrections import counting, lifecycle
from events.log import objections, resettling
from events.models import Event, Source
from scoring.models import CurrentScore
from scoring.verify import check
from tests.conftest import NOW
from tests.events.checks import everything_is_where_it_belongs
from tests.events.corrections.steps import (
    TOMORROW,
    carried_out,
    closed,
    did,
    history_rows,
    of_shop,
    person,
    scored,
    stands,
    undone,
    worked,
)
from tests.events.people import company, days_at, group, identify
from tests.pages import cast

TODAY = business_day(NOW)


def test_a_preview_says_what_is_concerned_and_changes_nothing(acme, shop, kind):
    before = stands("acme")
    job = worked(of_shop(shop))
    assert (job.state, job.events, job.customers, job.own) == ("ready", 3, 1, 0)
    assert (job.from_day, job.to_day) == (TODAY - timedelta(days=5), TODAY - timedelta(days=1))
    assert job.types == {str(kind("Order completed").pk): 3}
    assert stands("acme") == before
    assert not Act.objects.filter(kind="correction").exists()


def test_what_was_withdrawn_counts_as_if_it_had_never_been_sent(acme, shop):
    job = carried_out(of_shop(shop))
    assert (job.state, job.changed) == ("done", 3)
    assert stands("acme") == stands("twin")


def test_days_closed_between_stay_as_they_were_known(acme, shop):
    scored()
    closed()
    was = history_rows()
    carried_out(of_shop(shop), now=TOMORROW)
    assert stands("acme", TOMORROW) == stands("twin", TOMORROW)
    closed(TOMORROW + timedelta(days=1))
    assert [row for row in history_rows() if row[1] == TODAY] == was
    assert len({row[2] for row in history_rows() if row[1] > TODAY}) == 1, "from then on both are the same"


def test_undone_it_counts_again_and_the_days_between_stay(acme, shop):
    before = stands("acme")
    job = carried_out(of_shop(shop))
    closed()
    was = history_rows()
    job = undone(job, now=TOMORROW)
    assert (job.state, job.restored, job.skipped) == ("undone", 3, 0)
    assert stands("acme", TOMORROW)["counts"] == before["counts"]
    assert history_rows() == was


@pytest.mark.parametrize("kind_of", ["withdraw", "remap"])
def test_the_preview_is_what_happens(acme, shop, kind, kind_of):
    scored()
    before = CurrentScore.objects.get(customer=acme)
    to_type = kind("Ticket opened") if kind_of == "remap" else None
    job = carried_out(of_shop(shop, to_type=to_type))
    scored()
    after = CurrentScore.objects.get(customer=acme)
    change = after.engagement - before.engagement
    assert change != 0
    bands = int(after.engagement_band != before.engagement_band)
    numbers = {"scored": 1, "lost": 0, "sum": change, "largest": change, "bands": bands}
    assert job.effect == {"of": 1, "sampled": False, **numbers}


@pytest.mark.parametrize("kind_of", ["withdraw", "remap", "merge"])
def test_of_many_customers_the_preview_is_exactly_what_happens(send, shop, kind, kind_of):
    chance, names = random.Random(7), [f"c{i}" for i in range(8)]
    types = ["Order completed", "Meeting held", "Payment failed", "Report created"]
    send(*(person(name) for name in names))
    for of in (shop, Source.objects.get(name="Website")):
        messages = [
            did(chance.choice(names), chance.randrange(20) / 2, chance.choice(types), f"{of}{i}", value=i)
            for i in range(120)
        ]
        send(*messages, of=of)
    objections.settle({Contact.objects.get(customer=company("c0")).pk: True}, open_day=TODAY, now=NOW)
    send(did("c1", 1, "Dance"), did("c2", 1, "Dance"))
    if kind_of == "merge":
        job = lifecycle.merge(kind("Dance"), kind("Meeting held"), now=NOW, by=None)
    else:
        job = of_shop(shop, to_type=kind("Meeting held") if kind_of == "remap" else None)
    scored()
    before = dict(CurrentScore.objects.values_list("customer", "engagement"))
    job = carried_out(job)
    scored()
    after = dict(CurrentScore.objects.values_list("customer", "engagement"))
    changes = [
        after[pk] - before[pk] for pk in before if None not in (before[pk], after[pk]) and after[pk] != before[pk]
    ]
    assert len(changes) > 1
    assert (job.effect["sum"], job.effect["largest"]) == (sum(changes), max(changes, key=abs))


def test_who_has_no_score_any_more_is_counted_apart(acme, kind):
    scored()
    job = carried_out(lifecycle.withdraw(customer=acme, now=NOW, by=None))
    scored()
    assert (job.effect["scored"], job.effect["lost"], job.effect["bands"]) == (0, 1, 1)
    assert CurrentScore.objects.get(customer=acme).engagement is None


def test_events_of_another_type_count_and_weigh_as_that_type(send, shop, kind):
    send(*(person(name) for name in ("acme", "twin")))
    send(did("acme", 2, "Meeting"), did("acme", 3, "Meeting"), of=shop)
    send(did("twin", 2, "Meeting held"), did("twin", 3, "Meeting held"), of=shop)
    job = carried_out(lifecycle.withdraw(customer=company("acme"), to_type=kind("Meeting held"), now=NOW, by=None))
    assert (job.changed, stands("acme")) == (2, stands("twin"))
    undone(job)
    assert {name for name, *_ in stands("acme")["counts"]} == {"Meeting"}


def test_an_event_moved_to_a_type_that_is_no_activity_makes_no_active_day(send, shop, kind):
    send(person("acme"), did("acme", 2, "Invoice was paid"), of=shop)
    assert len(stands("acme")["active"]) == 1
    job = carried_out(of_shop(shop, to_type=kind("Invoice paid")))
    assert stands("acme")["active"] == []
    undone(job)
    assert stands("acme")["active"] == [TODAY - timedelta(days=2)]


def test_what_comes_back_goes_to_where_its_person_belonged(send, shop):
    """Said while it was withdrawn, so that nothing could move it."""
    send(person("acme"), did("acme", 2), did("acme", 9), of=shop)
    job = carried_out(lifecycle.withdraw(customer=company("acme"), now=NOW, by=None))
    send(group("birch", 5, userId="acme", messageId="late"), of=shop)
    undone(job)
    resettling.settle_all(now=NOW)
    everything_is_where_it_belongs()
    assert (days_at(company("acme")), days_at(company("birch"))) == ([9], [2])


def test_a_customer_a_type_and_days_narrow_it_down(acme, shop, kind, send):
    send(did("twin", 2, "Order completed"), of=shop)
    narrow = {"event_type": kind("Order completed"), "first_on": TODAY - timedelta(days=2), "last_on": TODAY}
    assert worked(of_shop(shop, **narrow)).events == 3
    assert worked(of_shop(shop, customer=acme, **narrow)).events == 2
    assert worked(lifecycle.withdraw(customer=acme, now=NOW, by=None)).events == 6
    assert worked(of_shop(shop, event_type=kind("Meeting held"))).events == 0


def test_what_comes_in_after_the_question_is_left_alone(acme, shop, send):
    job = worked(of_shop(shop))
    later = NOW + timedelta(minutes=1)
    send(did("acme", 0, "Order completed"), of=shop, now=later)
    assert carried_out(job, now=later).changed == 3
    assert Event.objects.live().filter(source=shop).count() == 1


def test_each_customer_gets_an_act_beneath_the_one_of_all(acme, shop, send):
    send(did("twin", 4, "Order completed"), of=shop)
    ada = cast.colleague("Ada", "admin")
    job = carried_out(of_shop(shop), by=ada)
    whole, *parts = Act.objects.filter(kind="correction").order_by("pk")
    assert (whole.customer, whole.by, whole.detail["events"], whole.detail["customers"]) == (None, ada, 4, 2)
    assert {part.customer.name: part.detail["events"] for part in parts} == {"acme": 3, "twin": 1}
    assert {part.part_of for part in parts} == {whole}
    events = Event.objects.filter(source=shop)
    assert {event.void_act_id for event in events} == {part.pk for part in parts}
    undone(job, by=ada)
    back = Event.objects.live().filter(source=shop)
    assert {(event.told_act.kind, event.told_act.customer_id == event.customer_id) for event in back} == {
        ("undone", True)
    }


def test_what_records_and_answers_tell_is_left_out_and_said(acme, shop, send):
    records = Source.objects.create(name="Own", kind=Source.Kind.RECORDS, channel="crm", created_at=NOW)
    send(did("acme", 1, "Invoice paid"), of=records)
    first = Event.objects.filter(source=shop).order_by("id").first()
    Event.objects.filter(source=shop, id=first.id).update(flags=16)
    job = carried_out(lifecycle.withdraw(customer=acme, now=NOW, by=None))
    assert (job.events, job.own, job.changed) == (5, 2, 5)
    assert Event.objects.live().filter(customer=acme).count() == 2


def test_what_something_else_has_changed_since_is_skipped(acme, shop, kind):
    job = carried_out(of_shop(shop, to_type=kind("Meeting held")))
    later = carried_out(of_shop(shop, first_on=TODAY - timedelta(days=1)))
    assert later.changed == 1
    job = undone(job)
    assert (job.restored, job.skipped) == (2, 1)
    assert Event.objects.live().filter(source=shop).count() == 2


def test_an_event_of_somebody_who_became_another_comes_back_to_that_one(send, shop):
    send(person("acme"))
    send({"type": "track", "event": "Dance", "anonymousId": "a", "timestamp": NOW.isoformat(),
          "context": {"groupId": "acme"}, "messageId": "d"}, of=shop)  # fmt: skip
    job = carried_out(of_shop(shop))
    send(identify(0, userId="acme", anonymousId="a", messageId="i"))
    undone(job)
    resettling.settle_all(now=NOW)
    event = Event.objects.live().get(source=shop)
    assert event.contact.identities.filter(kind="user").get().value == "acme"


def test_who_objects_meanwhile_is_not_counted_by_the_undoing(acme, shop):
    job = carried_out(of_shop(shop))
    contact = Contact.objects.get(customer=acme)
    objections.settle({contact.pk: True}, open_day=TODAY, now=NOW)
    undone(job)
    assert stands("acme")["counts"] == []
    objections.settle({contact.pk: False}, open_day=TODAY, now=NOW)
    assert len(stands("acme")["counts"]) == 6


def test_the_scores_of_many_are_compared_for_a_sample(send, shop, monkeypatch):
    monkeypatch.setattr(counting, "SAMPLE", 3)
    monkeypatch.setattr(counting, "WEIGHED", 2)
    names = [f"c{i}" for i in range(6)]
    send(*(person(name) for name in names), *(did(name, 3) for name in names))
    send(*(did(name, 1, "Order completed") for name in names), of=shop)
    job = worked(of_shop(shop))
    assert (job.effect["of"], job.effect["sampled"], job.effect["scored"], job.customers) == (3, True, 3, 6)
    alone = job.effect["largest"]
    assert job.effect["sum"] == 3 * alone


@pytest.mark.django_db(transaction=True)
def test_verify_finds_nothing_after_withdrawing_and_undoing(acme, shop, kind):
    scored()
    closed()
    job = carried_out(of_shop(shop), now=TOMORROW)
    moved = lifecycle.withdraw(customer=acme, to_type=kind("Meeting held"), now=TOMORROW, by=None)
    carried_out(moved, now=TOMORROW)
    scored(TOMORROW)
    closed(TOMORROW + timedelta(days=1))
    undone(job, now=TOMORROW + timedelta(days=1))
    scored(TOMORROW + timedelta(days=1))
    assert [str(difference) for difference in check().unexplained] == []
