"""Partings step by step: a worker that dies, who sends meanwhile, two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from core.jobs.leased import InvalidState
from customers.models import Identity, WrongId
from events import ingest
from events.log import resettling
from events.models import Event, Parting
from events.parting import chunks, lifecycle, running, work
from scoring.verify import check
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, everything_is_where_it_belongs, nothing_hangs_in_the_air
from tests.events.parting.steps import counted, did, two_people, worked
from tests.events.people import anonymous, company, days_at, user

LATER = NOW + timedelta(minutes=6)


@pytest.fixture
def small(monkeypatch):
    """One event at a time, one of the people at a time."""
    monkeypatch.setattr(chunks, "CHUNK", 1)
    monkeypatch.setattr(running, "PEOPLE", 1)


def steps(job, number, now=NOW):
    """Let a worker do so many steps, and die."""
    mine = work.leased.claim(Parting, now=now, pk=job.pk)
    going = work.steps(mine, lambda: now)
    for _ in range(number):
        next(going)
    going.close()


@pytest.mark.parametrize("number", range(1, 12))
def test_a_worker_that_dies_anywhere_is_followed_by_another(send, small, number):
    send(*two_people(userId="null"))
    job = counted("null")
    lifecycle.carry_out(job, now=NOW, by=None)
    steps(job, number)
    resettling.settle_all(now=NOW)
    counts_are_those_of_the_log()
    everything_is_where_it_belongs()
    assert worked(job).state == "running", "it is leased to the one that died"
    job = worked(job, LATER)
    assert (job.state, job.changed) == ("done", 6)
    assert (days_at(company("acme")), days_at(company("birch"))) == ([9, 3, 1], [8, 5, 2])
    assert anonymous("ann-phone") != anonymous("bob-phone")


def test_what_comes_in_meanwhile_is_parted_too(send, small):
    send(*two_people(userId="null"))
    job = counted("null")
    lifecycle.carry_out(job, now=NOW, by=None)
    steps(job, 3)
    # A server that has not heard yet that it is a wrong id: a device that was parted, and one that is new.
    send(did(0, "acme", userId="null", anonymousId="ann-phone"), did(0, "birch", userId="null", anonymousId="new"))
    assert anonymous("ann-phone") == user("null")
    job = worked(job, LATER)
    assert (job.state, job.people, job.changed) == ("done", 3, 8)
    assert len({anonymous("ann-phone"), anonymous("bob-phone"), anonymous("new"), user("null")}) == 4
    assert days_at(company("acme")) == [9, 3, 1, 0]


def test_who_goes_on_sending_it_does_not_keep_it_from_ending(send, small, monkeypatch):
    send(*two_people(userId="null"))
    job = counted("null")
    lifecycle.carry_out(job, puts_on_list=False, now=NOW, by=None)
    ended, sent = running._end_pass, []

    def end_and_send(*args):
        ended(*args)
        sent.append(send(did(0, "acme", event=f"Sent {len(sent)}", userId="null", anonymousId="ann-phone")))

    monkeypatch.setattr(running, "_end_pass", end_and_send)
    assert worked(job).state == "done"
    assert len(sent) == running.MOST_PASSES


def test_cancelled_it_stops_and_what_was_done_stays(send, small):
    send(*two_people(userId="null"))
    job = counted("null")
    lifecycle.carry_out(job, now=NOW, by=None)
    steps(job, 4)
    lifecycle.cancel(job, now=NOW)
    job = worked(job, LATER)
    assert (job.state, job.changed) == ("cancelled", 2)
    assert anonymous("ann-phone") != anonymous("bob-phone")
    with pytest.raises(InvalidState):
        lifecycle.carry_out(job, now=NOW, by=None)


def test_done_again_it_finds_nothing(send):
    send(*two_people(userId="null"))
    lifecycle.carry_out(counted("null"), now=NOW, by=None)
    worked(Parting.objects.get())
    before = Event.objects.count()
    again = counted("null")
    assert (again.people, again.events) == (0, 0)
    lifecycle.carry_out(again, now=NOW, by=None)
    assert (worked(again).changed, Event.objects.count()) == (0, before)


def test_of_one_contact_one_parting_runs_at_a_time(send):
    send(*two_people(userId="null"))
    first, second = counted("null"), counted("null", "company")
    lifecycle.carry_out(first, now=NOW, by=None)
    with pytest.raises(InvalidState, match="is running"):
        lifecycle.carry_out(second, now=NOW, by=None)
    second.refresh_from_db()
    assert second.state == "ready"


def test_an_id_that_was_erased_meanwhile_ends_it(send):
    send(did(1, userId="till", anonymousId="t1"))
    job = lifecycle.ask(Identity.objects.get(value="till"), "device", now=NOW, by=None)
    Event.objects.all().update(person=None)
    Identity.objects.filter(value="till").delete()
    job = worked(job)
    assert (job.state, job.problem) == ("failed", "gone")
    Event.objects.all().update(person=Identity.objects.get(value="t1"))


@pytest.mark.django_db(transaction=True)
def test_two_partings_and_who_sends_at_the_same_time(shop, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 3)
    monkeypatch.setattr(running, "PEOPLE", 2)

    def messages(event):
        return [
            did(days, company, event=event, userId=till, anonymousId=f"{till}-{days % 4}")
            for till in ("till-1", "till-2")
            for company in ("acme", "birch")
            for days in range(1, 9)
        ]

    ingest.record(messages("Dance"), source=shop, now=NOW)
    assert check().differences == 0
    jobs = [counted(till) for till in ("till-1", "till-2")]
    for job in jobs:
        lifecycle.carry_out(job, now=NOW, by=None)
    shop.wrong_ids = WrongId.objects.known()

    def finished(job):
        mine = work.leased.claim(Parting, now=NOW, pk=job.pk)
        work.leased.work_on(mine, work.steps, clock=lambda: NOW, is_over=lambda: False)

    def sent():
        for message in messages("Song"):
            ingest.record([message], source=shop, now=NOW)

    all_at_once(*(lambda job=job: finished(job) for job in jobs), sent, lambda: resettling.settle_all(now=NOW))
    report = check()
    assert [str(difference) for difference in report.unexplained] == []
    resettling.settle_all(now=NOW)
    report = check()
    assert ([str(difference) for difference in report.unexplained], report.pending) == ([], {})
    nothing_hangs_in_the_air()
    assert {job.state for job in Parting.objects.all()} == {"done"}
    assert Event.objects.live().count() == 64
    assert not Event.objects.live().filter(person__kind="user").exists()


def all_at_once(*acts):
    def closed(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        done = [threads.submit(closed, act) for act in acts]
    assert [one.exception() for one in done] == [None] * len(acts)
