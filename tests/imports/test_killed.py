"""Many customers: the errors are exact; cancelled and gone on with, or killed in the middle, it ends equal."""

from datetime import timedelta

import pytest
from django.db import connection

from customers.models import Customer
from imports import lifecycle
from imports.jobs import running, work
from imports.jobs.progress import LEASE
from imports.kinds import KINDS
from imports.models import Import, State
from tests.conftest import NOW
from tests.imports import steps
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
    work.go_on(clock=lambda: NOW + LEASE + timedelta(seconds=1))
    job.refresh_from_db()
    assert (job.state, job.written, state()) == (State.DONE, *undisturbed)


def test_a_dry_run_whose_worker_was_killed_ends_equal(undisturbed, lea, monkeypatch):
    job = steps.upload("customers", customers_file(1_000), lea)
    lifecycle.check(job, [*job.mapping[:-1], "+"], history=False, chosen={})
    with monkeypatch.context() as patched:
        kill_in(patched, "customers", "compare", 4)
        with pytest.raises(Killed):
            work.go_on(clock=lambda: NOW)
    work.go_on(clock=lambda: NOW + LEASE + timedelta(seconds=1))
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
    for _ in range(work.MOST_TRIES):
        kill_in(monkeypatch, "customers", "write", 1)
        with pytest.raises(Killed):
            work.go_on(clock=lambda: now)  # noqa: B023
        now += LEASE + timedelta(seconds=1)
    work.go_on(clock=lambda: now)
    job.refresh_from_db()
    assert (job.state, job.problem["code"]) == (State.FAILED, "stopped")


def test_two_workers_never_write_the_same_import(lea, small_chunks):
    job = checked(300, lea)
    lifecycle.start(job)
    first = work.claim(now=NOW)
    assert (first.pk, work.claim(now=NOW)) == (job.pk, None)
    late = work.claim(now=NOW + LEASE + timedelta(seconds=1))
    assert late.lease != first.lease
    work._work_on(first, lambda: NOW, lambda: False)  # woke up again: it has lost the import, and writes nothing
    assert not Customer.objects.exists()
