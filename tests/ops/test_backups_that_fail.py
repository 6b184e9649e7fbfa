"""A backup of the wrong database is refused; whatever goes wrong, nothing stands under the name of a finished one."""

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from engagement_site.backup import clients, shelf
from engagement_site.backup.contents import Table
from tests.conftest import NOW
from tests.ops.databases import Database

GOOD = ["rapport-20260601T120000Z.dump", "rapport-20260601T120000Z.dump.sha256", "rapport-20260601T120000Z.json"]
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def prepared(database_template, django_db_setup):
    """A database of this version, with a colleague in it."""
    database = Database(f"rapport_to_fail_{os.getpid()}")
    database.create(database_template)
    database.manage("createsuperuser", "--noinput", "--email", "ada@example.com", "--name", "Ada")
    yield database
    database.drop()


@pytest.fixture
def other(prepared):
    """A copy of it, to make a wrong one of."""
    database = Database(f"rapport_wrong_{os.getpid()}")
    database.create(prepared.name)
    yield database
    database.drop()


@pytest.fixture
def folder(tmp_path):
    """A folder with one good backup in it."""
    put(tmp_path, NOW - timedelta(days=14))
    return tmp_path


def put(folder, day, text=b"dump"):
    unfinished = folder / "x.unfinished"
    unfinished.write_bytes(text)
    shelf.put(unfinished, shelf.named(folder, day), {"a": Table(1, "2")}, 15, day)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def assert_refused(database, folder, says):
    done = database.script("backup.sh", folder, "--keep", "1")
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: There is no backup. ")
    assert says in done.stderr
    assert "Traceback" not in done.stderr and "Dumping" not in done.stdout
    assert names(folder) == GOOD


def test_this_one_can_be_backed_up(prepared, folder):
    done = prepared.script("backup.sh", folder)
    assert done.returncode == 0, done.stderr
    assert len(names(folder)) == 6


def test_an_empty_database_is_refused(other, folder):
    other.create()
    assert_refused(other, folder, f"The database {other.name} is empty: there is nothing to back up.")


def test_a_database_of_another_application_is_refused(other, folder):
    other.create()
    other.ask("CREATE TABLE django_migrations (app text, name text, applied timestamptz)")
    other.ask("CREATE TABLE shop_order ()")
    assert_refused(other, folder, "is not one of Rapport: it has no table of customers.")


def test_a_database_of_an_earlier_version_is_refused(other, folder):
    last = max(name for app, name in MigrationLoader(None).disk_migrations if app == "events")
    other.ask(f"DELETE FROM django_migrations WHERE app = 'events' AND name = '{last}'")
    assert_refused(other, folder, f"is of an earlier version than this program: events.{last}")


def test_a_database_of_a_later_version_is_refused(other, folder):
    other.ask("INSERT INTO django_migrations (app, name, applied) VALUES ('events', '0999_of_tomorrow', now())")
    other.ask("INSERT INTO django_migrations (app, name, applied) VALUES ('removed_app', '0001_initial', now())")
    assert_refused(
        other, folder, "is of a later version than this program, which does not know events.0999_of_tomorrow"
    )


def test_a_rapport_nobody_works_in_is_refused(other, folder):
    other.ask("DELETE FROM staff_user")
    assert_refused(other, folder, "is an empty Rapport, in which nobody can sign in.")


def test_a_full_disk_leaves_nothing(prepared, folder):
    environment = os.environ | {"DATABASE_URL": prepared.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    limited = 'ulimit -f 8; exec "$0" manage.py backup "$1" --keep 1'  # blocks of 512 or 1024 bytes
    done = subprocess.run(
        ["sh", "-c", limited, sys.executable, str(folder)],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "CommandError: There is no backup. pg_dump failed: " in done.stderr
    assert names(folder) == GOOD


@pytest.fixture
def stuck(prepared):
    """Hold a lock that pg_dump and the count of rows wait for."""
    with psycopg.connect(prepared.url) as connection:
        connection.execute("LOCK TABLE customers_customer IN ACCESS EXCLUSIVE MODE")
        environment = os.environ | {"DATABASE_URL": prepared.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}

        def start(folder):
            command = [sys.executable, "manage.py", "backup", str(folder), "--keep", "1"]
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            within(lambda: len(waiting(prepared)) == 2)
            return process

        yield start


def waiting(database):
    return database.ask(
        "SELECT pid, application_name FROM pg_stat_activity"
        f" WHERE datname = '{database.name}' AND wait_event_type = 'Lock'"
    )


def within(happens):
    give_up_at = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_a_pg_dump_that_is_cut_off_leaves_nothing(prepared, stuck, folder):
    process = stuck(folder)
    for pid, _name in waiting(prepared):
        prepared.ask(f"SELECT pg_terminate_backend({pid})")
    _said, trouble = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "CommandError: There is no backup. " in trouble
    assert names(folder) == GOOD


def test_a_backup_that_is_told_to_end_leaves_nothing_and_takes_pg_dump_with_it(prepared, stuck, folder):
    process = stuck(folder)
    children = psutil.Process(process.pid).children(recursive=True)
    assert [child.name() for child in children] == ["pg_dump"]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGTERM
    assert names(folder) == GOOD
    assert not any(child.is_running() for child in children)


def test_what_a_killed_backup_left_goes_after_a_day(prepared, folder):
    for name, days in (("rapport-20260601T120000Z.dump.unfinished", 2), ("rapport-2.dump.unfinished", 0)):
        (folder / name).touch()
        at = time.time() - days * 86_400
        os.utime(folder / name, (at, at))
    assert prepared.script("backup.sh", folder).returncode == 0
    assert [name for name in names(folder) if "unfinished" in name] == ["rapport-2.dump.unfinished"]


@pytest.mark.parametrize("fails_at", ["rapport-20260615T120000Z.json", "rapport-20260615T120000Z.dump.sha256"])
def test_a_companion_that_cannot_be_written_leaves_nothing(folder, fails_at):
    blocked = folder / f"{fails_at}.unfinished"
    blocked.mkdir()
    with pytest.raises(OSError):
        put(folder, NOW)
    if blocked.exists():
        blocked.rmdir()
    assert names(folder) == GOOD


def test_a_dump_that_cannot_take_its_name_leaves_no_companion(folder, monkeypatch):
    rename = Path.rename

    def fails(path, target):
        if target.suffix == ".dump":
            raise OSError("no more names")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="no more names"):
        put(folder, NOW)
    assert names(folder) == GOOD


def test_a_backup_that_cannot_be_noted_is_none(prepared, folder):
    prepared.ask("ALTER TABLE core_run ADD CONSTRAINT no_notes CHECK (job <> 'backup') NOT VALID")
    try:
        done = prepared.script("backup.sh", folder, "--keep", "1")
    finally:
        prepared.ask("ALTER TABLE core_run DROP CONSTRAINT no_notes")
    assert done.returncode == 1
    assert names(folder) == GOOD


def test_what_is_no_whole_backup_neither_counts_nor_goes(folder):
    (folder / "rapport-20260602T120000Z.dump").touch()  # no checksum, no description
    put(folder, NOW)
    assert [file.name for file in shelf.keep_newest(folder, 1)] == ["rapport-20260601T120000Z.dump"]
    assert "rapport-20260602T120000Z.dump" in names(folder)
    assert "rapport-20260615T120000Z.json" in names(folder)


@pytest.mark.parametrize("keep", ["-1", "many"])
def test_a_number_to_keep_that_is_none_is_refused(prepared, folder, keep):
    done = prepared.script("backup.sh", folder, f"--keep={keep}")
    assert done.returncode != 0
    assert "is not a number of dumps, 0 or more" in done.stderr
    assert names(folder) == GOOD


def test_a_pg_dump_that_is_killed_says_so(prepared, folder, tmp_path_factory):
    programs = tmp_path_factory.mktemp("programs")
    killed = programs / "pg_dump"
    [(server,)] = prepared.ask("SELECT current_setting('server_version_num')::int / 10000")
    version = subprocess.run([clients.program("pg_dump", server), "--version"], capture_output=True, text=True).stdout
    killed.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version.strip()}" && exit\necho half\nkill -9 $$\n')
    killed.chmod(killed.stat().st_mode | stat.S_IEXEC)
    done = prepared.script("backup.sh", folder, "--keep", "1", PATH=f"{programs}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "There is no backup. pg_dump failed: it was ended by SIGKILL" in done.stderr
    assert names(folder) == GOOD
