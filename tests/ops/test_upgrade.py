"""The installation of the release before becomes one of this release: everything is kept, and all still adds up."""

import gzip
import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from engagement_site.backup import clients
from tests.ops.databases import Database
from tests.ops.upgrade import BEFORE, EMAIL, PASSWORD

pytestmark = pytest.mark.database
# They grow with the program, not with what happened; what else this release changes on purpose is added here with why.
MAY_GROW = {
    "django_migrations": "the new ones",
    "django_content_type": "new models",
    "auth_permission": "new models",
    "core_run": "work that prepare plans",
    "customers_changed": "who is scored again, as last activity came to mean all types",
    "events_eventtype": "types that Rapport itself writes",
}
SCORES = (
    "SELECT customer_id, engagement, health, engagement_band, health_band, inputs_digest FROM scoring_currentscore"
    " ORDER BY 1",
    "SELECT customer_id, day, engagement, health FROM scoring_scorehistory ORDER BY 1, 2",
)
# What nobody of the made-up customers did: refused surveys, had an address at two contacts, or one that bounces.
PLANTED = (
    "UPDATE customers_contact SET survey_opt_out = true, email = 'Ann@Shared.example' WHERE id = 1",
    "UPDATE customers_contact SET email = 'ann@shared.example' WHERE id = 2",
    "UPDATE surveys_guard SET bounced_at = now(), bounced_address = 'gone@acme.example' WHERE contact_id = 53",
)
SCORE = "from django.utils import timezone; from scoring.runs import run; run.score_changed(now=timezone.now())"
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""


@pytest.fixture(scope="module")
def before():
    """The database of the release before, as it was."""
    database = Database(f"rapport_upgraded_{os.getpid()}")
    database.create("template0")
    [(server,)] = database.ask("SELECT current_setting('server_version_num')::int / 10000")
    command = [clients.program("psql", server), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", database.url]
    text = gzip.decompress(BEFORE.read_bytes())
    done = subprocess.run(command, input=text, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr.decode()
    with psycopg.connect(database.url) as connection:
        for statement in PLANTED:
            assert connection.execute(statement).rowcount == 1
    yield database
    database.drop()


@pytest.fixture(scope="module")
def was(before):
    return counts(before), [before.ask(statement) for statement in SCORES]


def counts(database):
    return {
        name: database.ask(f'SELECT count(*) FROM "{name}"')[0][0]
        for (name,) in database.ask(TABLES)  # partitions are counted within their tables
    }


@pytest.fixture(scope="module")
def upgraded(before, was):
    """The same database after `prepare` of this release, and what it said."""
    done = at_now(before, "prepare")
    assert done.returncode == 0, done.stdout + done.stderr
    return before


def at_now(database, *words):
    command = [sys.executable, "-m", "tests.ops.upgrade.at_now", *words]
    environment = os.environ | {"DATABASE_URL": database.url}
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=200
    )


def lost(was, now):
    """Say which tables do not hold what they held, but for those that may grow."""
    return {
        name: (number, now.get(name))
        for name, number in was.items()
        if now.get(name) != number and not (name in MAY_GROW and now.get(name, 0) >= number)
    }


def test_there_is_something_to_lose(was):
    rows, (current, history) = was
    for name in ("events_event", "records_contract", "records_invoice", "surveys_answer", "staff_user", "staff_apikey"):
        assert rows[name] > 0, name
    assert len(current) > 5 and len(history) > 100


def test_every_table_keeps_its_rows(was, upgraded):
    assert lost(was[0], counts(upgraded)) == {}


def test_a_row_that_goes_a_table_that_goes_and_one_that_grows_would_be_named():
    assert lost({"a": 2, "b": 1, "c": 1, "core_run": 2}, {"a": 1, "c": 2, "core_run": 3}) == {
        "a": (2, 1),
        "b": (1, None),
        "c": (1, 2),
    }
    assert lost({"core_run": 2}, {"core_run": 1}) == {"core_run": (2, 1)}


def test_all_scores_are_what_they_were(was, upgraded):
    assert [upgraded.ask(statement) for statement in SCORES] == was[1]


def test_counts_and_scores_still_follow_from_the_log(upgraded):
    scored = at_now(upgraded, "shell", "-c", SCORE)  # as the worker does first
    assert scored.returncode == 0, scored.stderr
    done = at_now(upgraded, "verify")
    assert done.returncode == 0, done.stdout
    assert "0 differences" in done.stdout
    assert "12 current scores compared" in done.stdout


def test_refusals_bounces_and_pauses_belong_to_the_address_now(upgraded):
    refusing = "SELECT count(*), count(DISTINCT address) FROM customers_contact WHERE survey_opt_out AND id IN (1, 2)"
    assert upgraded.ask(refusing) == [(2, 1)]
    kinds = "SELECT kind, origin, count(*) FROM customers_addressconsent GROUP BY 1, 2 ORDER BY 1"
    assert upgraded.ask(kinds) == [("bounced", "before", 1), ("opted_out", "before", 1)]
    assert upgraded.ask("SELECT count(*) FROM customers_contact WHERE email <> '' AND address IS NULL") == [(0,)]
    pauses = """
        SELECT count(*), count(*) FILTER (WHERE guard.asked_at = old.asked_at) FROM surveys_guard AS old
        JOIN customers_contact AS contact ON contact.id = old.contact_id
        JOIN surveys_addressguard AS guard ON guard.address = contact.address
        WHERE old.asked_at IS NOT NULL
    """
    [(found, alike)] = upgraded.ask(pauses)
    [(before,)] = upgraded.ask("SELECT count(*) FROM surveys_guard WHERE asked_at IS NOT NULL")
    assert found == alike == before > 0


def test_preparing_again_changes_nothing(upgraded):
    rows = counts(upgraded)
    done = at_now(upgraded, "prepare")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert counts(upgraded) == rows


def test_a_colleague_signs_in_with_the_password_from_before(upgraded):
    check = (
        "from django.contrib.auth import authenticate; from django.test import RequestFactory;"
        f"print('who', authenticate(RequestFactory().get('/'), username={EMAIL!r}, password={PASSWORD!r}))"
    )
    done = at_now(upgraded, "shell", "-v", "0", "-c", check)
    assert done.returncode == 0, done.stderr
    assert "who Ada" in done.stdout


def test_the_database_of_the_release_before_is_the_one_the_release_notes_name():
    assert BEFORE.stat().st_size < 300_000
    page = (settings.BASE_DIR / "docs" / "develop" / "releases.md").read_text()
    assert "tests.ops.upgrade.make" in page


@pytest.fixture
def other(upgraded):
    database = Database(f"rapport_locked_{os.getpid()}")
    database.create(upgraded.name)
    yield database
    database.drop()


def migrating(database, pauses):
    """Start to take a table away, in a process that waits so many seconds between tries."""
    script = (
        "import django; django.setup(); from django.core.management import call_command, CommandError\n"
        "from engagement_site.management.commands import migrate\n"
        f"migrate.PAUSES = {pauses}\n"
        "try: call_command('migrate', 'sessions', 'zero', verbosity=0)\n"
        "except CommandError as error: raise SystemExit(str(error))"
    )
    environment = os.environ | {"DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True
    )


def has_sessions(database):
    return database.ask("SELECT to_regclass('django_session')::text") == [("django_session",)]


def test_a_migration_waits_two_seconds_for_a_lock_lets_others_pass_and_tries_again(other):
    with psycopg.connect(other.url) as connection:
        connection.execute("SELECT count(*) FROM django_session")
        process = migrating(other, (1, 1, 1, 1, 1, 1, 60))
        first = process.stderr.readline()
        pid = connection.info.backend_pid
    assert first.startswith("Migration sessions.0001_initial did not get its locks within 2 s. The oldest open ")
    assert f" is of process {pid} (pg_stat_activity). Try 2 of 8 in 1 s ..." in first
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert not has_sessions(other)


def test_a_migration_that_never_gets_its_locks_ends_and_changes_nothing(other):
    with psycopg.connect(other.url) as connection:
        connection.execute("SELECT count(*) FROM django_session")
        _said, trouble = migrating(other, (0, 0)).communicate(timeout=60)
    assert trouble.count("Try ") == 2
    assert "did not get its locks in 3 tries; nothing of it was done" in trouble
    assert "Traceback" not in trouble
    assert has_sessions(other)


def test_prepare_migrates_by_the_same_command():
    from django.core.management import get_commands

    assert get_commands()["migrate"] == "engagement_site"
