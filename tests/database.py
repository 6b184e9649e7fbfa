"""The tests' database, cloned from a template: migrating takes seconds, a clone takes a fraction of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import django
from django.conf import settings
from django.db import connection


def make(name: str, template: str, *, anew: bool) -> None:
    """Make the database from its template; make the template first if there is none, or migrations changed since.

    The template stays on the server, for the next worker and the next run.
    """
    now = _version()
    with _on_server() as cursor:
        # Workers of one run come at the same moment: the first one migrates, the others wait for it.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [template])
        if anew or cursor.fetchone() != (now,):
            _migrate(template)
            cursor.execute(f"COMMENT ON DATABASE {_quoted(template)} IS '{now}'")
        drop(name, cursor)
        cursor.execute(f"CREATE DATABASE {_quoted(name)} TEMPLATE {_quoted(template)}")
    _use(name)


def drop(name: str, cursor=None) -> None:
    if cursor is None:
        with _on_server() as cursor:
            return drop(name, cursor)
    # FORCE: a thread of a test that failed may still hold a connection.
    cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def _version() -> str:
    """Return a digest of all that a migrated database depends on."""
    digest = sha256(django.__version__.encode())
    for file in [*sorted(settings.BASE_DIR.glob("*/migrations/*.py")), settings.BASE_DIR / "core/db/partitions.py"]:
        digest.update(str(file.relative_to(settings.BASE_DIR)).encode() + file.read_bytes())
    return digest.hexdigest()


def _migrate(template: str) -> None:
    kept = connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = template
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.settings_dict["TEST"]["NAME"] = kept
        connection.close()


def _use(name: str) -> None:
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


@contextmanager
def _on_server() -> Iterator:
    connection.close()
    with connection._nodb_cursor() as cursor:
        yield cursor


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
