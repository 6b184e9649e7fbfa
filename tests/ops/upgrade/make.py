"""Make before.sql.gz anew, with the program of a release that is checked out (docs/develop/releases.md):

DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres python -m tests.ops.upgrade.make
"""

import gzip
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.ops.upgrade import BEFORE, EMAIL, FOLDER, PASSWORD

DATABASE = "rapport_upgrade_fixture"
MOST_BYTES = 300_000
COMMANDS = (
    ("prepare",),
    ("load_sample", "portfolio", "--customers", "12", "--days", "60"),
    ("createsuperuser", "--noinput", "--email", EMAIL, "--name", "Ada"),
    ("create_api_key", "Website", "--scope", "events:write"),
)


def main() -> None:
    given = urlsplit(os.environ["DATABASE_URL"])
    made = urlunsplit(given._replace(path=f"/{DATABASE}"))
    with psycopg.connect(urlunsplit(given), autocommit=True) as server:
        if server.info.server_version >= 160_000:
            sys.exit(
                "Make it on PostgreSQL 15, the oldest that Rapport runs on: a newer one's dump says what 15 lacks."
            )
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            for words in COMMANDS:
                command = [sys.executable, "-m", "tests.ops.upgrade.at_now", *words]
                environment = os.environ | {"DATABASE_URL": made, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
                subprocess.run(command, cwd=FOLDER.parent.parent.parent, env=environment, check=True)
            text = dumped(made)
        finally:
            server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    packed = gzip.compress(text, 9, mtime=0)
    if len(packed) > MOST_BYTES:
        sys.exit(f"{len(packed):,} bytes are too many for a file in the repository: load a smaller sample.")
    BEFORE.write_bytes(packed)
    print(f"{BEFORE}: {len(packed):,} bytes")


def dumped(url: str) -> bytes:
    """Return the database as SQL, without the lines that only one version of psql knows."""
    command = ["pg_dump", "--no-owner", "--no-privileges", "--no-comments", url]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    lines = said.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b"\\restrict", b"\\unrestrict")))


if __name__ == "__main__":
    main()
