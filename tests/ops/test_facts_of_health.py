"""Facts of health by which problems are named, and the words for them: asked in this process, as the command does."""

import os
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from core.jobs import periodic
from engagement_site.health import facts, judgement, machine, server, words
from tests.conftest import NOW


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


def test_a_database_without_tables_is_named_and_read_no_further(read):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {periodic.Run._meta.db_table} RENAME TO gone")
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
