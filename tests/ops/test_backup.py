"""A backup is whole or is not there; a restore ends with proof, or says what is wrong."""

import json
import os
import shutil
import stat
import subprocess
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest

from engagement_site.backup import clients, contents, load, shelf
from engagement_site.backup.contents import Table
from tests.conftest import NOW
from tests.ops.databases import Database

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def full(database_template, django_db_setup):
    """A database with a little of everything in it."""
    database = Database(f"rapport_full_{os.getpid()}")
    database.create(database_template)
    database.manage("prepare")
    database.manage("load_sample", "portfolio", "--customers", "5", "--days", "60")
    yield database
    database.drop()


@pytest.fixture(scope="module")
def backup(full, tmp_path_factory):
    """A dump of it, and what the command said."""
    folder = tmp_path_factory.mktemp("backups")
    done = full.script("backup.sh", folder)
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("*.dump")
    return file, done.stdout


@pytest.fixture
def copy(backup, tmp_path):
    """A copy of the dump with its two companions, to break."""
    for path in backup[0].parent.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / backup[0].name


@pytest.fixture
def empty():
    database = Database(f"rapport_empty_{os.getpid()}")
    database.create()
    yield database
    database.drop()


def refused(done, says):
    return done.returncode != 0 and says in done.stderr and "Traceback" not in done.stderr


def test_a_backup_has_a_checksum_a_description_and_no_other_reader(full, backup):
    file, said = backup
    assert sorted(path.suffix for path in file.parent.iterdir()) == [".dump", ".json", ".sha256"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}
    subprocess.run(["sha256sum", "--check", "--quiet", f"{file.name}.sha256"], cwd=file.parent, check=True)
    assert "Not in it: SECRET_KEY" in said
    assert full.ask("SELECT finished_at > now() - interval '1 hour' FROM core_run WHERE job = 'backup'") == [(True,)]
    assert str(file) in said


def test_the_description_is_what_the_database_holds(full, backup):
    described = json.loads(backup[0].with_suffix(".json").read_text())["tables"]
    for table in ("events_event", "scoring_currentscore", "scoring_scorehistory", "customers_customer"):
        assert described[table]["rows"] == full.ask(f"SELECT count(*) FROM {table}")[0][0] > 0
    assert not any(name.endswith(("_default", "_2026_06")) for name in described)


def test_a_restored_database_is_the_same_row_by_row_and_verified(full, backup, empty):
    done = empty.script("restore.sh", backup[0])
    assert done.returncode == 0, done.stderr
    assert "rows are exactly as in the dump's snapshot" in done.stdout
    assert "0 differences" in done.stdout
    assert done.stdout.endswith("Restored and verified.\n")
    scores = "SELECT customer_id, engagement, health, inputs_digest FROM scoring_currentscore ORDER BY 1"
    assert empty.ask(scores) == full.ask(scores) != []

    again = empty.script("restore.sh", backup[0])
    assert refused(again, "The database is not empty. With --replace, everything in it is deleted first.")
    empty.ask("DELETE FROM scoring_currentscore")
    replaced = empty.script("restore.sh", backup[0], "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert empty.ask(scores) == full.ask(scores)


def test_a_damaged_dump_is_refused_before_anything_is_touched(copy, empty):
    whole = bytearray(copy.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    copy.write_bytes(whole)
    assert refused(empty.script("restore.sh", copy), "it does not have the checksum beside it")
    assert empty.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_row_that_is_not_as_it_was_is_noticed(copy, empty):
    description = copy.with_suffix(".json")
    described = json.loads(description.read_text())
    described["tables"]["scoring_currentscore"]["digest"] += "0"
    described["tables"]["events_event"]["rows"] += 1
    description.write_text(json.dumps(described))
    done = empty.script("restore.sh", copy)
    assert refused(done, "The restored database is not what was dumped: ")
    assert "scoring_currentscore: 5 rows, with other content" in done.stderr
    assert "events_event: " in done.stderr


def test_nobody_may_work_on_a_database_that_is_restored(backup, empty):
    with psycopg.connect(empty.url):
        done = empty.script("restore.sh", backup[0])
    assert refused(done, "1 others are connected to the database: stop web, worker and beat first.")


def test_a_dump_that_is_not_there_is_named(empty, tmp_path):
    assert refused(empty.script("restore.sh", tmp_path / "no.dump"), f"There is no file {tmp_path}/no.dump.")


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path):
    done = Database("rapport_that_is_not_there").script("backup.sh", tmp_path)
    assert refused(done, "does not exist")
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_are_kept(tmp_path):
    for days in range(5):
        file = shelf.named(tmp_path, NOW + timedelta(days=days))
        unfinished = tmp_path / "x.unfinished"
        unfinished.write_bytes(b"dump")
        shelf.put(unfinished, file, {"a": Table(1, "2")}, 15, NOW)
    (tmp_path / "something else.dump").touch()
    assert [file.name for file in shelf.keep_newest(tmp_path, 3)] == [
        "rapport-20260615T120000Z.dump", "rapport-20260616T120000Z.dump",
    ]  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 3 * 3 + 1
    assert shelf.keep_newest(tmp_path, 0) == []


def test_differences_name_the_table():
    was = {"a": Table(1, "1"), "b": Table(2, "2"), "c": Table(3, "3"), "d": Table(4, "4")}
    now = {"a": Table(1, "1"), "b": Table(1, "2"), "c": Table(3, "4"), "e": Table(0, "0")}
    assert contents.differences(was, now) == [
        "b: 1 rows, not 2",
        "c: 3 rows, with other content",
        "d: missing",
        "e: new",
    ]


def test_programs_older_than_the_server_are_not_used(db):
    server = clients.server_major()
    assert clients.major(clients.program("pg_dump", server)) >= server
    with pytest.raises(clients.NoClient, match="PostgreSQL 99 needs pg_dump 99 or newer"):
        clients.program("pg_dump", 99)


def test_a_password_reaches_programs_by_the_environment_only(monkeypatch):
    where = {"HOST": "db", "PORT": 5433, "USER": "me", "PASSWORD": "hunter2", "NAME": "rapport"}
    options = {"OPTIONS": {"sslmode": "require", "pool": True}}
    monkeypatch.setattr(clients, "settings", SimpleNamespace(DATABASES={"default": where | options}))
    named = {name: value for name, value in clients.environment().items() if name.startswith("PG")}
    assert named == {
        "PGHOST": "db", "PGPORT": "5433", "PGUSER": "me", "PGPASSWORD": "hunter2", "PGDATABASE": "rapport",
        "PGSSLMODE": "require",
    }  # fmt: skip


def test_what_an_older_server_does_not_know_is_left_out(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    said = r"SET lock_timeout = 0;\nSET transaction_timeout = 0;\nSET transaction_timeout of a row\n"
    source.write_text(f"#!/bin/sh\nprintf '{said}'\n")
    target.write_text(f'#!/bin/sh\ncat > "{tmp_path}/sql"\n')
    for program in (source, target):
        program.chmod(0o755)
    load._restore_through_psql([str(source)], str(target))
    assert (tmp_path / "sql").read_text() == "SET lock_timeout = 0;\nSET transaction_timeout of a row\n"
