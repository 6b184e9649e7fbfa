"""Rapport runs as a role that owns its schema and nothing more, made by deploy/database.sql."""

import os
import subprocess
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from engagement_site.backup import clients
from tests.ops.databases import Database
from tests.ops.deployed import DEPLOY

pytestmark = pytest.mark.database
ROLE = f"rapport_role_{os.getpid()}"
PASSWORD = "it's \\ a $word"
TRACK = """
import json
from base64 import b64encode
from tests.front import ask
body = {{"userId": "ann", "event": "Report created", "context": {{"groupId": "northwind"}}}}
answer = ask("POST", "/v1/track", json.dumps(body).encode(), Authorization="Basic " + b64encode(b"{key}:").decode())
print(answer.status_code, answer.content.decode())
"""


def psql(url, *words, **more):
    with psycopg.connect(url) as connection:
        program = clients.program("psql", connection.info.server_version // 10_000)
    command = [program, "--no-psqlrc", "--quiet", *words, url]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | more)


@pytest.fixture(scope="module")
def database():
    """A database made by the script, and reached as the role."""
    made = Database(ROLE)
    made.drop()
    script = ["--set", f"role={ROLE}", "--set", f"database={ROLE}", "--file", str(DEPLOY / "database.sql")]
    for _ in range(2):  # harmless to repeat
        done = psql(made.server, *script)
        assert done.returncode == 0, done.stderr
    made._on_server(f"ALTER ROLE {ROLE} PASSWORD 'x'")
    parts = urlsplit(made.url)
    host = parts.netloc.rpartition("@")[2]
    made.url = urlunsplit(parts._replace(netloc=f"{ROLE}:x@{host}"))
    yield made
    made.drop()
    made._on_server(f"DROP ROLE {ROLE}")


@pytest.fixture(scope="module")
def prepared(database):
    database.manage("prepare")
    database.manage("createsuperuser", "--noinput", "--email", "ada@example.com", "--name", "Ada")
    return database


def test_the_role_may_do_nothing_on_the_server(database):
    [rights] = database.ask(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user"
    )
    assert rights == (False,) * 5
    for statement in ("CREATE DATABASE other", "CREATE ROLE other", "CREATE SCHEMA other", "CREATE EXTENSION citext"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.ask(statement)


def test_it_owns_the_schema_and_neither_the_database_nor_its_extension(database):
    owned = "SELECT {} = (SELECT oid FROM pg_roles WHERE rolname = current_user) FROM {}"
    assert database.ask(owned.format("nspowner", "pg_namespace WHERE nspname = 'public'")) == [(True,)]
    assert database.ask(owned.format("datdba", "pg_database WHERE datname = current_database()")) == [(False,)]
    assert database.ask(owned.format("extowner", "pg_extension WHERE extname = 'pg_trgm'")) == [(False,)]


def test_it_prepares_takes_an_event_and_verifies(prepared):
    key = prepared.manage("create_api_key", "Website", "--scope", "events:write").strip()
    assert prepared.manage("shell", "-v", "0", "-c", TRACK.format(key=key)).startswith("200 ")
    assert prepared.ask("SELECT count(*) FROM events_event") == [(1,)]
    assert "0 differences" in prepared.manage("verify")
    assert prepared.ask(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> current_user"
    ) == [(0,)]


def test_it_backs_up_and_restores_over_what_is_there(prepared, tmp_path):
    done = prepared.script("backup.sh", tmp_path)
    assert done.returncode == 0, done.stderr
    (dump,) = tmp_path.glob("*.dump")
    prepared.ask("CREATE TYPE of_a_stranger AS ENUM ('a')")
    prepared.ask("CREATE FUNCTION of_a_stranger() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    prepared.ask("CREATE VIEW views_of_a_stranger AS SELECT 1 AS one")
    restored = prepared.script("restore.sh", dump, "--replace")
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.endswith("Restored and verified.\n")
    left = "SELECT to_regtype('of_a_stranger'), to_regproc('of_a_stranger'), to_regclass('views_of_a_stranger')"
    assert prepared.ask(left) == [(None, None, None)]
    assert prepared.ask("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'") == [("pg_trgm",)]


def test_the_containers_script_sets_the_roles_password_whatever_is_in_it(tmp_path):
    """Run with a psql that writes down what it is given."""
    programs, said = tmp_path / "bin", tmp_path / "said"
    programs.mkdir()
    fake = programs / "psql"
    fake.write_text(f'#!/bin/sh\necho "psql $*" >> "{said}"\ncase "$*" in *--file*) ;; *) cat >> "{said}" ;; esac\n')
    fake.chmod(0o755)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "POSTGRES_USER": "postgres",
        "RAPPORT_PASSWORD": PASSWORD,
    }
    done = subprocess.run([DEPLOY / "database.sh"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = said.read_text()
    assert "psql --username postgres --dbname postgres --file /rapport/database.sql\n" in text
    assert PASSWORD not in text  # on no command line, and in no statement before psql quotes it


def test_its_statements_are_understood_by_a_real_psql(database):
    parts = (DEPLOY / "database.sh").read_text().split("<< 'SQL'\n")
    statements = parts[1].removesuffix("SQL\n").replace("ALTER ROLE rapport ", f"ALTER ROLE {ROLE} ")
    with psycopg.connect(database.server) as connection:
        program = clients.program("psql", connection.info.server_version // 10_000)
    command = [program, "--no-psqlrc", "--set", "ON_ERROR_STOP=1", database.server]
    environment = os.environ | {"RAPPORT_PASSWORD": PASSWORD}
    done = subprocess.run(command, input=statements, env=environment, capture_output=True, text=True, check=False)
    try:
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip() == "ALTER ROLE"
    finally:
        database._on_server(f"ALTER ROLE {ROLE} PASSWORD 'x'")
