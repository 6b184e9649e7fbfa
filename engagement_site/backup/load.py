"""Load a dump into the database DATABASE_URL names, and see that everything arrived."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from engagement_site.backup import clients, contents, shelf

# Written by pg_dump and pg_restore 17 and newer; servers before 17 do not know it.
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
MOST_JOBS = 4
# Sequences, functions and types without a table. The schema itself and its extensions stay: a role that owns no more
# than the schema could not make them again.
_LEFT = """
    WITH of_extensions AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
    left_over AS (
        SELECT 1 AS turn, 'pg_class'::regclass AS class, oid, format('DROP SEQUENCE %s CASCADE', oid::regclass) AS said
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
        UNION ALL
        SELECT 2, 'pg_class'::regclass, oid, format('DROP VIEW IF EXISTS %s CASCADE', oid::regclass)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
        UNION ALL
        SELECT 3, 'pg_proc'::regclass, oid, format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 4, 'pg_type'::regclass, oid, format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
        FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    )
    SELECT said FROM left_over WHERE (class, oid) NOT IN (SELECT classid, objid FROM of_extensions) ORDER BY turn
"""


class NotLoaded(Exception):
    """Why the dump was not loaded; nothing was changed unless the message says so."""


def load(file: Path, *, replace: bool, say: Callable[[str], object]) -> None:
    """Check, empty the database if `replace`, restore, compare. Raises NotLoaded."""
    _check_file(file, say)
    _check_nobody_works()
    if contents.tables():
        if not replace:
            raise NotLoaded("The database is not empty. With --replace, everything in it is deleted first.")
        say("Deleting what is in the database ...")
        _empty()
    say(f"Restoring {file.name} ...")
    connection.close()
    _restore(file)
    _compare(file, say)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _check_file(file: Path, say: Callable[[str], object]) -> None:
    if not file.is_file():
        raise NotLoaded(f"There is no file {file}.")
    intact = shelf.is_intact(file)
    if intact is False:
        raise NotLoaded(f"{file} is damaged: it does not have the checksum beside it.")
    say("The checksum is right." if intact else "There is no checksum beside the file: it is taken as it is.")


def _check_nobody_works() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise NotLoaded(f"{others} others are connected to the database: stop web, worker and beat first.")


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in contents.tables():  # one after the other: all at once would need a lock for each partition
            cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        cursor.execute(_LEFT)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _restore(file: Path) -> None:
    server = clients.server_major()
    connection.close()
    restore = clients.reader(file, server)
    plain = ["--no-owner", "--no-privileges", "--no-comments"]  # to comment on an extension takes its owner
    if clients.major(restore) >= 17 > server:
        _restore_through_psql([restore, *plain, "--file=-", str(file)], clients.program("psql", server))
        return
    jobs = f"--jobs={min(MOST_JOBS, os.cpu_count() or 1)}"
    database = clients.environment()["PGDATABASE"]
    command = [restore, *plain, "--exit-on-error", jobs, f"--dbname={database}", str(file)]
    done = subprocess.run(command, env=clients.environment(), stderr=subprocess.PIPE, text=True, check=False)
    _raise_if_failed(done.returncode, done.stderr)


def _restore_through_psql(restore: list[str], psql: str) -> None:
    """Take out the one setting an older server does not know; slower, as one process does it all."""
    command = [psql, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with (
        subprocess.Popen(restore, env=clients.environment(), stdout=subprocess.PIPE) as source,
        subprocess.Popen(command, env=clients.environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE) as target,
    ):
        assert source.stdout and target.stdin
        try:
            for line in source.stdout:
                if line != UNKNOWN_BEFORE_17:
                    target.stdin.write(line)
        except BrokenPipeError:
            source.kill()  # psql says below why it went
        trouble = target.communicate()[1].decode(errors="replace")
    _raise_if_failed(target.returncode or source.returncode, trouble)


def _raise_if_failed(code: int, trouble: str) -> None:
    if code:
        lines = trouble.strip().splitlines() or [f"exit code {code}"]
        raise NotLoaded(f"The restore failed half-way; repeat it with --replace. PostgreSQL says: {lines[0]}")


def _compare(file: Path, say: Callable[[str], object]) -> None:
    was = shelf.contents(file)
    if was is None:
        say("There is no description beside the file: its rows cannot be compared.")
        return
    with transaction.atomic():
        now = contents.read()
    if wrong := contents.differences(was, now):
        raise NotLoaded("The restored database is not what was dumped: " + "; ".join(wrong))
    rows = sum(table.rows for table in was.values())
    say(f"{len(was)} tables with {rows:,} rows are exactly as in the dump's snapshot.")
