"""A worker that is a process of its own, killed with SIGKILL while it writes: another takes over, and it ends equal."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from customers.models import Customer, Identity
from imports import lifecycle
from imports.jobs import work
from imports.models import Import, StagedRow, State
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.many import checked, customers_file, state

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 100  # seconds, for what takes one or two
WORKER = """
import datetime, django
django.setup()
from imports.jobs import checking, running, work
checking.CHUNK = running.CHUNK = 100
now = datetime.datetime.fromisoformat("{now}")
print(work.go_on(clock=lambda: now))
"""


@contextmanager
def worker():
    """Start a worker on the test's own database; whatever happens, it does not outlive the test."""
    database = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(now=NOW.isoformat())],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(is_so, process):
    give_up_at = time.monotonic() + PATIENCE
    while not is_so():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def kill_where_it_waits():
    """Start a worker and kill it in the statement that waits for this transaction; return how it ended."""
    with worker() as process:
        wait_until(somebody_waits_for_us, process)
        process.send_signal(signal.SIGKILL)
        return process.wait(PATIENCE)


def relieved(job):
    """Have others go on once the dead worker's lease has run out; PostgreSQL may take a moment to notice its death."""
    give_up_at = time.monotonic() + PATIENCE
    while Import.objects.get(pk=job.pk).state in State.of_workers():
        assert time.monotonic() < give_up_at
        work.go_on(clock=lambda: NOW + Import.lease_time + timedelta(seconds=1))
    return Import.objects.get(pk=job.pk)


@pytest.mark.parametrize(("row", "done"), [(5, 0), (350, 300), (999, 900)])
def test_killed_in_the_middle_of_a_chunk_it_is_relieved_and_ends_equal(undisturbed, lea, row, done):
    job = checked(1_000, lea)
    lifecycle.start(job)
    with transaction.atomic():
        # An id nobody else can see yet: whoever writes the same one waits until this transaction ends.
        other = Customer.objects.create(name="In the way", created_at=NOW)
        Identity.objects.create(kind="company", value=f"c{row}", customer=other)
        assert kill_where_it_waits() == -signal.SIGKILL
        transaction.set_rollback(True)
    job.refresh_from_db()
    assert (job.state, job.done_rows) == (State.RUNNING, 1 + done)  # the one that is wrong counts from the start
    assert Customer.objects.count() == done
    assert work.go_on(clock=lambda: NOW) == 0  # the dead worker's lease still runs
    job = relieved(job)
    assert (job.state, job.written, state()) == (State.DONE, *undisturbed)


def test_killed_in_a_dry_run_it_is_relieved_and_finds_the_same(undisturbed, lea):
    job = steps.upload("customers", customers_file(1_000), lea)
    lifecycle.check(job, [*job.mapping[:-1], "+"], history=False, chosen={})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE imports_stagedrow IN EXCLUSIVE MODE")  # it may be read
        assert kill_where_it_waits() == -signal.SIGKILL
    assert (Import.objects.get().state, StagedRow.objects.count()) == (State.CHECKING, 0)
    job = relieved(job)
    assert (job.state, job.found) == (State.CHECKED, undisturbed[0])
    assert (steps.run(job).written, state()) == undisturbed


def test_a_worker_that_nobody_kills_leaves_nothing_to_do(undisturbed, lea):
    """The process of these tests does what the real one does."""
    job = checked(1_000, lea)
    lifecycle.start(job)
    with worker() as process:
        said, _ = process.communicate(timeout=PATIENCE)
    job.refresh_from_db()
    assert (process.returncode, int(said) >= 10, job.state) == (0, True, State.DONE)
    assert (job.written, state()) == undisturbed
