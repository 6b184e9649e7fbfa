"""Faults planted for real, each named by `manage.py health`, and by nothing but its own name."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread

import psycopg
import pytest
from django.conf import settings

from engagement_site.embedded import valkey
from engagement_site.health import facts, judgement, machine, server, words
from tests.conftest import NOW
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
    finally:
        made.end()


@pytest.fixture(scope="module")
def usual_seconds(rapport):
    """How long the command takes where all is well, on this machine, with whatever else it does now."""
    wrong, seconds = rapport.health()
    assert wrong == []
    return seconds


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
    month = f"{datetime.now(UTC):%Y_%m}"
    rapport.database.ask(f"DROP TABLE events_dailycount_{month}")
    yield
    assert rapport.manage("prepare").returncode == 0


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


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named_in_time(rapport, usual_seconds, name):
    with FAULTS[name](rapport):
        wrong, seconds = rapport.health()
    assert wrong == [name]
    assert seconds - usual_seconds < BOUND
    assert rapport.health()[0] == []


@pytest.fixture
def read(db, monkeypatch):
    monkeypatch.setattr(machine, "QUEUE", "a queue of the tests")
    return lambda: facts.read(now=NOW)


def test_a_full_disk_is_named_with_its_folder(read, monkeypatch):
    real = os.statvfs(settings.BASE_DIR)
    full = os.statvfs_result((*real[:4], 10, *real[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _folder: full)
    known = read()
    assert "disk_full" in judgement.problems(known)
    assert words.details("disk_full", known).startswith(f"{settings.DATA_DIR}: ")


def test_a_transaction_that_was_forgotten_is_named_with_who_holds_it(read, monkeypatch):
    monkeypatch.setattr(server, "IDLE_SECONDS", 0)
    with psycopg.connect(settings_of_tests(), application_name="psql") as forgotten:
        forgotten.execute("SELECT 'Ann' AS name FOR UPDATE")
        known = read()
        assert "transaction_old" in judgement.problems(known)
        pid = forgotten.info.backend_pid
    about = words.details("transaction_old", known)
    assert about.startswith(f"pid {pid} (psql, idle in transaction, ")
    assert about.endswith("SELECT …")


def settings_of_tests():
    from django.db import connection

    params = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: params[name] for name in ("dbname", "host", "port", "user", "password") if params.get(name)}
    )


def test_a_disk_without_room_for_postgresql_is_named(read, monkeypatch):
    monkeypatch.setattr(
        server, "_WRITES", "DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$"
    )
    known = read()
    assert known.server.writes_refused == "there is no room on its disk"
    assert "writes_refused" in judgement.problems(known)


def test_a_table_that_is_locked_silences_nothing_else(read, monkeypatch):
    from django.db import OperationalError

    def waits(**_):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("engagement_site.health.progress.read", waits)
    known = read()
    assert known.server is not None and known.progress is None
    assert "database_slow" in judgement.problems(known)
    assert known.flat()["mail_given_up"] is None


def test_a_database_without_tables_is_named_and_read_no_further(read, monkeypatch):
    from core.jobs import periodic

    monkeypatch.setattr(periodic.Run._meta, "db_table", "no_such_table")
    known = read()
    assert "not_prepared" in judgement.problems(known)
    assert "database_slow" not in judgement.problems(known)


def test_a_database_that_cannot_be_reached_leaves_the_rest_to_be_named(read, monkeypatch):
    monkeypatch.setattr("engagement_site.health.probing.database_trouble", lambda: "connection refused")
    known = read()
    assert judgement.problems(known)[0] == "database_down"
    assert words.details("database_down", known) == "connection refused"


def test_every_problem_has_words():
    assert set(words.TITLES) == set(words.WHAT_TO_DO) == set(judgement.PROBLEMS)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("SELECT 1", "SELECT …"),
        (
            "  SELECT  name\nFROM customers_contact WHERE email = 'ann@acme.example'",
            "SELECT name FROM customers_contact WHERE email = …",
        ),
        ("UPDATE t1 SET x = $1", "UPDATE t1 SET x = …"),
        ("COMMIT", "COMMIT"),
        ("SELECT " + "a" * 100, "SELECT " + "a" * 73 + "…"),
    ],
)
def test_a_query_is_shown_up_to_its_first_value(query, shown):
    assert server.beginning(query) == shown


def test_the_one_most_others_wait_for_is_found_behind_those_who_wait():
    assert server.most_waited_for({}) is None
    assert server.most_waited_for({2: [1], 3: [2], 4: [3], 6: [5]}) == 1
    assert server.most_waited_for({2: [3], 3: [2]}) is None  # PostgreSQL ends one of the two


def test_the_session_says_what_is_needed_to_end_it():
    session = server.Session(7, "", "active", None, "SELECT …")
    assert words._session(session) == "pid 7 (no name, active): SELECT …"


def test_since_when_is_told_where_it_is_known(read):
    known = read()
    assert words.since("disk_full", known, NOW) is None
    assert words.since("day_not_closed", known, NOW) == NOW - timedelta(seconds=known.progress.close_overdue_seconds)
