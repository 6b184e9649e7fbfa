"""Faults planted for real, each named by `manage.py health`, and by nothing but its own name: the last one is over."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread

import psycopg
import pytest
from django.conf import settings

from engagement_site.embedded import valkey
from engagement_site.health import server
from tests.ops.databases import Database
from tests.redis.bell import Bell

PATIENCE = 200  # seconds, for what takes one or two
BOUND = 5.0  # seconds, whatever hangs: the promise


class Rapport:
    """An installation that is well: a database and a Redis of its own, and somebody who asks for its health."""

    def __init__(self, folder, template):
        self.database = Database(f"rapport_faults_{os.getpid()}")
        self.database.create(template)
        self.bell = Bell(folder)
        self.bell.start()
        self.port = valkey.free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("HOST", "RAPPORT_PROCESS")},
            "DATABASE_URL": self.database.url, "REDIS_URL": self.bell.url, "PORT": str(self.port),
            "RAPPORT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings",
        }  # fmt: skip

    def manage(self, *words):
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )

    def health(self):
        """Return what is wrong, and how long it took to say so."""
        self.beats()
        began = time.monotonic()
        done = self.manage("health")
        seconds = time.monotonic() - began
        last = done.stdout.strip().rpartition("\n")[2]
        assert done.returncode == (last != "All is well."), done.stdout + done.stderr
        return [] if last == "All is well." else last.removeprefix("Wrong: ").split(", "), seconds

    def beats(self):
        self.database.ask(
            "INSERT INTO core_run (job, period, shard, tries, finished_at) VALUES ('beat', 'last', 0, 0, now())"
            " ON CONFLICT (job, period, shard) DO UPDATE SET finished_at = now()"
            " WHERE core_run.finished_at > now() - interval '1 minute'"
        )

    def end(self):
        self.bell.process.send_signal(signal.SIGCONT)
        self.bell.kill()
        self.database.drop()


@pytest.fixture(scope="module")
def rapport(database_template, django_db_setup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    (folder / "data").mkdir()
    made = Rapport(folder, database_template)
    try:
        done = made.manage("prepare")
        assert done.returncode == 0, done.stderr
        yield made
        assert made.health()[0] == []
    finally:
        made.end()


@contextmanager
def redis_hung(rapport):
    rapport.bell.process.send_signal(signal.SIGSTOP)
    yield
    rapport.bell.process.send_signal(signal.SIGCONT)


@contextmanager
def lock_held(rapport):
    """Somebody holds a row, as an open psql does; another waits for it."""
    with psycopg.connect(rapport.database.url, application_name="psql") as holder:
        holder.execute("SELECT pg_advisory_xact_lock(7, 7)")

        def wait():
            with psycopg.connect(rapport.database.url) as waiting:
                waiting.execute("SELECT pg_advisory_xact_lock(7, 7)")

        thread = Thread(target=wait)
        thread.start()
        time.sleep(server.WAIT_SECONDS + 0.5)
        yield
        holder.rollback()
        thread.join(PATIENCE)


@contextmanager
def read_only(rapport):
    def allow(word):
        with psycopg.connect(rapport.database.server, autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{rapport.database.name}" SET default_transaction_read_only = {word}')

    rapport.beats()
    allow("on")
    rapport.beats = lambda: None
    yield
    del rapport.beats
    allow("off")


@contextmanager
def front_frozen(rapport):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", rapport.port))
        listener.listen()  # takes connections, and answers nothing
        yield


@contextmanager
def month_missing(rapport):
    """A month of which nothing is stored, dropped as a mistaken hand does."""
    month = f"events_dailycount_{datetime.now(UTC):%Y_%m}"
    [(bound,)] = rapport.database.ask(f"SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = '{month}'")
    rapport.database.ask(f"DROP TABLE {month}")
    yield
    rapport.database.ask(f"CREATE TABLE {month} PARTITION OF events_dailycount {bound}")


def written(*, plant, mend):
    @contextmanager
    def planted(rapport):
        for statement in plant.split(";"):
            rapport.database.ask(statement)
        yield
        for statement in mend.split(";"):
            rapport.database.ask(statement)

    return planted


SILENT_SOURCE = """
    INSERT INTO events_source (name, kind, channel, created_at) VALUES ('Shop', 'connector', 'web', now());
    INSERT INTO events_sourceday (source_id, day, known_on, stripe, events)
    SELECT id, current_date - ago, current_date - ago, 0, 5 FROM events_source, generate_series(8, 20) AS ago
    WHERE name = 'Shop'
"""
REJECTED = """
    INSERT INTO events_source (name, kind, channel, created_at) VALUES ('Shop', 'connector', 'web', now());
    INSERT INTO events_rejected (source_id, message_hash, received_at, last_at, count, reason, body, is_cut)
    SELECT id, decode(md5(number::text), 'hex'), now(), now(), 1, 'No name', '{}', false
    FROM events_source, generate_series(1, 150) AS number WHERE name = 'Shop'
"""
WITHOUT_SHOP = (
    "DELETE FROM events_rejected; DELETE FROM events_sourceday; DELETE FROM events_source WHERE name = 'Shop'"
)
FAULTS = {
    "redis_down": redis_hung,
    "locks_waited_for": lock_held,
    "writes_refused": read_only,
    "front_silent": front_frozen,
    "beat_silent": written(
        plant="UPDATE core_run SET finished_at = now() - interval '2 minutes' WHERE job = 'beat'",
        mend="DELETE FROM core_run WHERE job = 'beat'",
    ),
    "sources_silent": written(plant=SILENT_SOURCE, mend=WITHOUT_SHOP),
    "rejected_many": written(plant=REJECTED, mend=WITHOUT_SHOP),
    "mail_late": written(
        plant="INSERT INTO core_outgoing (uid, kind, dedupe_key, payload, state, due_at, created_at, tries, lease,"
        " said, provider_id) SELECT gen_random_uuid(), 'survey', 'x', '{}', 'waiting', now() - interval '31 minutes',"
        " now(), 0, 0, '', ''",
        mend="DELETE FROM core_outgoing",
    ),
    "day_not_closed": written(
        plant="UPDATE core_closedday SET day = day - 3", mend="UPDATE core_closedday SET day = day + 3"
    ),
    "partitions_missing": month_missing,
    "backup_old": written(
        plant="INSERT INTO core_run (job, period, shard, tries, finished_at)"
        " VALUES ('backup', 'last', 0, 0, now() - interval '37 hours')",
        mend="DELETE FROM core_run WHERE job = 'backup'",
    ),
}


HANGING = ("redis_down", "locks_waited_for", "writes_refused", "front_silent")


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named_and_in_time(rapport, name):
    with FAULTS[name](rapport):
        wrong, seconds = rapport.health()
    assert wrong == [name]
    if name in HANGING:
        # Directly afterwards, so that this machine has the same else to do as meanwhile.
        wrong, usual_seconds = rapport.health()
        assert wrong == []
        assert seconds - usual_seconds < BOUND
