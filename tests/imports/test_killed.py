"""Many customers: the errors are exact; cancelled and gone on with, or killed in the middle, it ends equal."""

from datetime import timedelta

import pytest
from django.db import connection

from core.jobs import leased
from customers.models import Customer
from imports import lifecycle
from imports.jobs import running, surveying, work
from imports.kinds import KINDS
from imports.models import Import, State, SurveyedIds
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file
from tests.imports.many import EVERY, checked, customers_file, state
from tests.sizes import sizes

pytestmark = pytest.mark.django_db


def finished(job):
    while Import.objects.get(pk=job.pk).state in State.of_workers():
        work.go_on(clock=lambda: NOW)
    return Import.objects.get(pk=job.pk)


# 6,000 are two chunks of a check and three of an import.
@pytest.mark.parametrize("number", sizes(6_000, 100_000))
def test_of_many_customers_the_wrong_are_exact_and_the_rest_are_in(lea, number):
    job = checked(number, lea)
    bad = [i for i in range(number) if i % EVERY == 7]
    assert job.total_rows == number
    assert job.found == {"bad": len(bad), "new": number - len(bad)}
    assert steps.wrong(job) == {i + 2: [("Seats", "whole")] for i in bad}
    lifecycle.start(job)
    job = finished(job)
    assert (job.state, job.written) == (State.DONE, {"bad": len(bad), "new": number - len(bad)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(seats), sum(mrr) FROM customers_customer")
        good = [i for i in range(number) if i % EVERY != 7]
        assert cursor.fetchone() == (len(good), sum(i % 50 for i in good), sum(good) + len(good) / 2)


class Killed(BaseException):
    """What ends a worker: no clean-up of ours runs."""


def kill_in(monkeypatch, kind, name, call):
    """Have the worker die within the given call of a kind's function, after it has written."""
    real, calls = getattr(KINDS[kind], name), []

    def dying(*args):
        calls.append(real(*args))
        if len(calls) == call:
            raise Killed
        return calls[-1]

    monkeypatch.setitem(KINDS, kind, type(KINDS[kind])(**{**_fields(KINDS[kind]), name: dying}))


def _fields(kind):
    return {name: getattr(kind, name) for name in type(kind).__slots__}


@pytest.mark.parametrize("call", [1, 5, 10])
def test_a_worker_killed_in_the_middle_is_relieved_and_it_ends_equal(undisturbed, lea, monkeypatch, call):
    job = checked(1_000, lea)
    lifecycle.start(job)
    with monkeypatch.context() as patched:
        kill_in(patched, "customers", "write", call)
        with pytest.raises(Killed):
            work.go_on(clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.done_rows) == (State.RUNNING, 1 + (call - 1) * 100)
    assert work.go_on(clock=lambda: NOW) == 0  # the dead worker's lease still runs
    work.go_on(clock=lambda: NOW + Import.lease_time + timedelta(seconds=1))
    job.refresh_from_db()
    assert (job.state, job.written, state()) == (State.DONE, *undisturbed)


def test_a_dry_run_whose_worker_was_killed_ends_equal(undisturbed, lea, monkeypatch):
    job = steps.upload("customers", customers_file(1_000), lea)
    lifecycle.check(job, [*job.mapping[:-1], "+"], history=False, chosen={})
    with monkeypatch.context() as patched:
        kill_in(patched, "customers", "compare", 4)
        with pytest.raises(Killed):
            work.go_on(clock=lambda: NOW)
    work.go_on(clock=lambda: NOW + Import.lease_time + timedelta(seconds=1))
    job.refresh_from_db()
    assert (job.state, job.found) == (State.CHECKED, undisturbed[0])
    assert (steps.run(job).written, state()) == undisturbed


def test_cancelled_in_the_middle_and_gone_on_with_it_ends_equal(undisturbed, lea, monkeypatch):
    job = checked(1_000, lea)
    lifecycle.start(job)
    with monkeypatch.context() as patched:
        ask_in_chunk(patched, job, 3)
        work.go_on(clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.done_rows) == (State.CANCELLED, 301)
    assert (steps.run(job).written, state()) == undisturbed


def test_cancelled_in_the_middle_and_uploaded_anew_it_ends_equal(undisturbed, lea, monkeypatch):
    job = checked(1_000, lea)
    lifecycle.start(job)
    with monkeypatch.context() as patched:
        ask_in_chunk(patched, job, 3)
        work.go_on(clock=lambda: NOW)
    again = steps.run(checked(1_000, lea))
    assert again.written == {"bad": 1, "same": 300, "new": 699}
    assert state() == undisturbed[1]


def ask_in_chunk(monkeypatch, job, call):
    """Have somebody press cancel while a chunk is being written: the page's update waits, and comes right after."""
    refuse, calls = running._refuse, []

    def refusing(rows, plan, held):
        calls.append(held)
        held.asked_to_cancel = len(calls) == call
        return refuse(rows, plan, held)

    monkeypatch.setattr(running, "_refuse", refusing)


def test_a_place_where_workers_always_die_is_given_up_and_says_so(lea, small_chunks, monkeypatch):
    job = checked(300, lea)
    lifecycle.start(job)
    now = NOW
    for _ in range(leased.MOST_TRIES):
        kill_in(monkeypatch, "customers", "write", 1)
        with pytest.raises(Killed):
            work.go_on(clock=lambda: now)  # noqa: B023
        now += Import.lease_time + timedelta(seconds=1)
    work.go_on(clock=lambda: now)
    job.refresh_from_db()
    assert (job.state, job.problem["code"]) == (State.FAILED, "stopped")


def ticking():
    """Return a clock on which each round is over after its first step."""
    ticks = iter(NOW + n * Import.round_time / 2 for n in range(10_000))
    return lambda: next(ticks)


def test_a_file_whose_first_reading_takes_several_rounds_gets_on_in_each(lea, small_chunks, monkeypatch):
    monkeypatch.setattr(surveying, "CHUNK", 10)
    amounts = ['"1.234,50"' if i == 3 else "1.234" for i in range(35)]  # only the fourth row says what a comma means
    parents = {0: "c34", 1: "nowhere"}
    rows = [f"c{i},C{i},{parents.get(i, '')},{amount}" for i, amount in enumerate(amounts)]
    job = steps.upload("customers", csv_file("Company id,Name,Parent company id,Monthly revenue", *rows), lea)
    assert job.mapping[2:] == ["parent_id", "mrr"]
    lifecycle.check(job, job.mapping, history=False, chosen={})
    surveyed = []
    while Import.objects.get(pk=job.pk).state == State.CHECKING:
        work.go_on(clock=ticking())
        surveyed.append(Import.objects.get(pk=job.pk).survey.get("rows"))
        assert len(surveyed) < 10, "it does not get on"
    job.refresh_from_db()
    assert surveyed == [10, 20, 30, 35, 35, None], "four rounds read, one checks the rows, one ends the check"
    assert (job.total_rows, job.formats["decimal"], job.formats["asked"]) == (35, ",", {})
    assert job.found == {"bad": 1, "new": 34}
    assert steps.wrong(job) == {3: [("Parent company id", "no parent")]}, "a parent further down is none of the wrong"
    assert not SurveyedIds.objects.exists()


def test_a_worker_killed_in_the_first_reading_is_relieved_where_it_stopped(lea, small_chunks, monkeypatch):
    monkeypatch.setattr(surveying, "CHUNK", 10)
    job = steps.upload("customers", customers_file(50), lea)
    lifecycle.check(job, [*job.mapping[:-1], "+"], history=False, chosen={})
    killed = leased.claim(Import, now=NOW)
    reading = work.steps(killed, lambda: NOW)
    for _ in range(3):
        next(reading)
    later = NOW + Import.lease_time + timedelta(seconds=1)
    held = leased.claim(Import, now=later)
    assert held.survey["rows"] == 30
    leased.work_on(held, work.steps, clock=lambda: later, is_over=lambda: False)
    job.refresh_from_db()
    assert (job.state, job.total_rows, job.found) == (State.CHECKED, 50, {"bad": 1, "new": 49})


def test_two_workers_never_write_the_same_import(lea, small_chunks):
    job = checked(300, lea)
    lifecycle.start(job)
    first = leased.claim(Import, now=NOW)
    assert (first.pk, leased.claim(Import, now=NOW)) == (job.pk, None)
    late = leased.claim(Import, now=NOW + Import.lease_time + timedelta(seconds=1))
    assert late.lease != first.lease
    # The first one woke up again: it has lost the import, and writes nothing.
    leased.work_on(first, work.steps, clock=lambda: NOW, is_over=lambda: False)
    assert not Customer.objects.exists()
