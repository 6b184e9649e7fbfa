"""Take a backup while everything goes on: one snapshot, dumped by pg_dump and at the same time described by us."""

import os
import signal
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from engagement_site.backup import clients, contents, recognized, shelf
from engagement_site.backup.contents import Table


class NotTaken(Exception):
    """Why there is no backup."""


def take(folder: Path, *, now: datetime, say: Callable[[str], object]) -> Path:
    """Return the new dump in the folder. Raises WrongDatabase before anything is written, NotTaken, OSError.

    Whatever is raised, nothing stands under the name of a finished backup.
    """
    recognized.check()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = shelf.named(folder, now)
    unfinished = file.with_name(f"{file.name}{shelf.UNFINISHED}")
    server = clients.server_major()
    shelf.forget_unfinished(folder, before=now)
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
        raise NotTaken(f"pg_dump failed: {_last_line(trouble) or _end(dump.returncode)}")
    return tables


def _last_line(trouble: str) -> str:
    return trouble.strip().rpartition("\n")[2]


def _end(code: int) -> str:
    return f"exit code {code}" if code > 0 else f"it was ended by {signal.Signals(-code).name}"
