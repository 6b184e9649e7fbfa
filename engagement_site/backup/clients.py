"""PostgreSQL's own programs, as old as the server or newer, with the settings to connect to it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from engagement_site.embedded import wheels

OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


class NoClient(Exception):
    """No program that could talk to this server is installed."""


def server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def program(name: str, server: int) -> str:
    """Return the program (pg_dump, pg_restore, psql) of the server's major version, else the next newer one."""
    fitting = [path for path in _installed(name) if major(path) >= server]
    if not fitting:
        raise NoClient(f"PostgreSQL {server} needs {name} {server} or newer; install the package postgresql-client.")
    return min(fitting, key=major)


def reader(file: Path, server: int) -> str:
    """Return a pg_restore that fits the server and can read the file: an older one does not know newer dumps."""
    for path in sorted(_installed("pg_restore"), key=major):
        if major(path) >= server and _can_read(path, file):
            return path
    raise NoClient(f"No pg_restore here can read {file.name}: it is damaged, or newer than the programs installed.")


def _can_read(path: str, file: Path) -> bool:
    return subprocess.run([path, "--list", str(file)], capture_output=True, check=False).returncode == 0


def environment() -> dict[str, str]:
    """Return an environment that names the database; a password on a command line could be read by others."""
    database = settings.DATABASES["default"]
    given = {name: str(database.get(key) or "") for name, key in _NAMES.items()}
    given |= {OPTIONS[key]: str(value) for key, value in (database.get("OPTIONS") or {}).items() if key in OPTIONS}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {name: value for name, value in given.items() if value}


_NAMES = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}


def _installed(name: str) -> Iterator[str]:
    if first := shutil.which(name):
        yield first
    yield from map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))  # Debian, several at once
    wheel = wheels.postgresql_programs() / name
    if wheel.exists():
        yield str(wheel)


@cache
def major(path: str) -> int:
    output = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"\) (\d+)", output)
    return int(match.group(1)) if match else 0
