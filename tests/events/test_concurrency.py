"""Eight senders at once, with the same people, links and companies: no error, nothing twice, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event as Flag

import pytest
from django.db import connection

from customers.models import Affiliation, Contact, Customer, Identity, IdentityKind
from events import ingest
from events.log import resettling
from events.models import DailyCount, Event, Rejected, Seen
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, nothing_hangs_in_the_air
from tests.events.people import company, group, identify, track, user

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 12
COMPANIES = 5


def said_of(i):
    """Yield what is said of person i: first anonymous, then signed in, at one company, then at another."""
    ann, laptop, first, then = f"u{i}", f"a{i}", f"c{i % COMPANIES}", f"c{(i + 1) % COMPANIES}"
    yield from (track(days, anonymousId=laptop) for days in (9, 8, 8))
    yield identify(7, userId=ann, anonymousId=laptop, traits={"name": f"Person {i}", "team": "red"})
    yield track(6, "Signed in", userId=ann, anonymousId=laptop)
    yield group(first, 5, userId=ann, traits={"name": first.upper(), "plan": "Pro"})
    yield track(4, userId=ann)
    yield group(then, 3, userId=ann, traits={"plan": "Team"})
    yield track(2, userId=ann, context={"groupId": first})
    yield track(1, "Signed in", userId=f"u{(i + 1) % PEOPLE}", anonymousId=laptop)


MESSAGES = [{**said, "messageId": f"{i}-{j}"} for i in range(PEOPLE) for j, said in enumerate(said_of(i))]
EVENTS = [message for message in MESSAGES if message["type"] == "track"]


def all_at_once(website, sizes, marks):
    """Let each sender send everything in an order of its own, so many messages at a time, under marked message ids."""

    def send(seed, size, mark):
        said = Random(seed).sample(MESSAGES, len(MESSAGES))
        messages = [{**message, "messageId": f"{mark}{message['messageId']}"} for message in said]
        try:
            for start in range(0, len(messages), size):
                ingest.record(messages[start : start + size], source=website, now=NOW)
        finally:
            connection.close()

    done = Flag()

    def settle():
        try:
            while not done.is_set():
                resettling.settle_all(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sizes) + 1) as threads:
        settling = threads.submit(settle)
        sent = [threads.submit(send, seed, *wish) for seed, wish in enumerate(zip(sizes, marks, strict=True))]
        failures = [sending.exception() for sending in sent]
        done.set()
    assert [*failures, settling.exception()] == [None] * (len(sizes) + 1)
    resettling.settle_all(now=NOW)


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def all_is_well(events):
    assert not Rejected.objects.exists()
    assert Event.objects.live().count() == sum(DailyCount.objects.values_list("count", flat=True)) == events
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()
    everybody_is_somebody_once()


@pytest.mark.parametrize("size", [1, 17, 120])
def test_eight_who_send_the_same_neither_fail_nor_count_twice(website, size):
    all_at_once(website, [size] * 8, [""] * 8)
    all_is_well(len(EVENTS))
    assert Seen.objects.count() == len(MESSAGES)


def test_eight_who_speak_of_the_same_people_wait_for_each_other_in_one_order(website):
    before = deadlocks()
    all_at_once(website, [3, 5, 7, 11, 17, 23, 60, 120], "abcdefgh")
    all_is_well(8 * len(EVENTS))
    assert deadlocks() == before


def everybody_is_somebody_once():
    assert Identity.objects.filter(kind=IdentityKind.USER).count() == Contact.objects.count() == PEOPLE
    assert len({user(f"u{i}").pk for i in range(PEOPLE)}) == PEOPLE
    assert Customer.objects.count() == Customer.objects.known().count() == COMPANIES
    for i in range(PEOPLE):
        person = user(f"u{i}")
        assert person.customer == company(f"c{(i + 1) % COMPANIES}")
        assert (person.name, person.traits) == (f"Person {i}", {"team": "red"})
    assert {customer.plan for customer in Customer.objects.all()} == {"Team"}
    assert Affiliation.objects.count() >= PEOPLE
