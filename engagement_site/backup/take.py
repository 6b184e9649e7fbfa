"""Take a backup while everything goes on: one snapshot, dumped by pg_dump and at the same time described by us."""

import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from engagement_site.backup import clients, contents, shelf
from engagement_site.backup.contents import Table


class NotTaken(Exception):
    """Why there is no backup."""


def take(folder: Path, *, now: datetime, say: Callable[[str], object]) -> Path:
    """Return the new dump in the folder. Raises NotTaken, OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = shelf.named(folder, now)
    unfinished = file.with_suffix(".unfinished")
    server = clients.server_major()
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            tables = _dump(out.fileno(), server, say)
        shelf.put(unfinished, file, tables, server, now)
    finally:
        unfinished.unlink(missing_ok=True)
    return file


@transaction.atomic
def _dump(out: int, server: int, say: Callable[[str], object]) -> dict[str, Table]:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    command = [clients.program("pg_dump", server), "--format=custom", "--no-owner", "--no-privileges"]
    command.append(f"--snapshot={snapshot}")
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, env=clients.environment(), text=True
    ) as dump:
        try:
            say(f"Dumping snapshot {snapshot} of PostgreSQL {server}, and counting its rows ...")
            tables = contents.read()
            trouble = dump.communicate()[1]
        except BaseException:
            dump.kill()
            raise
    if dump.returncode:
        raise NotTaken(f"pg_dump failed: {trouble.strip().splitlines()[-1] if trouble.strip() else dump.returncode}")
    return tables
