"""A command that finds no database says so in one sentence and makes none, whichever command it is."""

import os

import pytest
from django.core.management import get_commands

import manage
from engagement_site.embedded import wanted
from tests.setup.installation import Installation

NEED_NONE = wanted.WITHOUT_DATABASE | {"check", "run"}
COMMANDS = sorted(set(get_commands()) - NEED_NONE)


@pytest.fixture
def fresh(tmp_path):
    return Installation(tmp_path / "data")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stops_in_a_fresh_folder(fresh, command, monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "RAPPORT_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RAPPORT_DATA", str(fresh.folder))
    monkeypatch.setattr("sys.argv", ["manage.py", command])
    with pytest.raises(SystemExit, match="No DATABASE_URL is set"):
        manage.main()
    assert not fresh.folder.exists()


@pytest.mark.parametrize("command", ["migrate", "createsuperuser", "shell", "dbshell"])
def test_it_names_the_setting_in_one_sentence_and_writes_nothing(fresh, command):
    done = fresh.finish("manage.py", command)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("No DATABASE_URL is set, and there is no database of `make run` in ")
    assert done.stderr.count("\n") == 1
    assert not fresh.folder.exists()


def test_the_commands_an_operator_uses_are_among_them():
    asked = {"migrate", "prepare", "backup", "restore", "health", "verify", "createsuperuser", "changepassword"}
    assert asked | {"shell", "dbshell", "create_api_key", "load_sample"} <= set(COMMANDS)


@pytest.mark.parametrize("command", ["prepare", "health", "createsuperuser"])
def test_a_redis_alone_does_not_help(fresh, command):
    done = fresh.finish("manage.py", command, REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 1 and done.stderr.startswith("No DATABASE_URL is set")
    assert not fresh.folder.exists()


@pytest.mark.parametrize("command", ["health", "verify", "prepare", "migrate", "backup", "createsuperuser"])
def test_a_database_that_does_not_answer_is_named(fresh, command):
    done = fresh.finish("manage.py", command, DATABASE_URL="postgres://me:hunter2@127.0.0.1:1/x", SECRET_KEY="k")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = done.stdout if command == "health" else done.stderr
    assert "127.0.0.1" in said and "hunter2" not in done.stdout + done.stderr


def test_with_a_database_elsewhere_no_valkey_is_started(fresh):
    done = fresh.finish("manage.py", "showmigrations", DATABASE_URL=os.environ["DATABASE_URL"], SECRET_KEY="k")
    assert done.returncode == 0, done.stderr
    assert not fresh.folder.exists()


def test_an_explicit_setting_makes_one(installation):
    done = installation.finish("manage.py", "showmigrations", RAPPORT_EMBEDDED="on")
    assert done.returncode == 0, done.stderr
    assert "0001_initial" in done.stdout
    again = installation.finish("manage.py", "showmigrations", "events")
    assert again.returncode == 0, again.stderr  # what was made once is used


EMPTY = ("create_api_key x --scope events:write", "createsuperuser --noinput --email a@example.com --name A", "verify")


def test_a_database_without_tables_is_told_from_the_right_one(installation):
    _holder, database, bell = installation.hold_servers()
    for words in EMPTY:
        done = installation.finish("manage.py", *words.split(), DATABASE_URL=database, REDIS_URL=bell)
        assert done.returncode == 1, words
        assert "The database rapport does not have the tables of this version." in done.stderr, words
        assert "Traceback" not in done.stderr, words


def test_other_errors_keep_their_traceback(prepared_installation):
    installation = prepared_installation
    _holder, database, bell = installation.hold_servers()
    wrong = "from django.db import connection; connection.cursor().execute('SELECT nothing')"
    done = installation.finish("manage.py", "shell", "-c", wrong, DATABASE_URL=database, REDIS_URL=bell)
    assert done.returncode == 1 and "Traceback" in done.stderr
