import argparse
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from core.jobs import periodic
from engagement_site.backup import clients, recognized, shelf, take


class Command(BaseCommand):
    help = "Dump the database into a dated file with a checksum, while everything goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR / "backups")
        parser.add_argument("--keep", type=_not_negative, default=14, help="how many dumps stay in the folder; 0: all")

    def handle(self, *args: Any, folder: Path, keep: int, **options: Any) -> None:
        began, now = time.monotonic(), timezone.now()
        signal.signal(signal.SIGTERM, _leave)
        try:
            file = take.take(folder.resolve(), now=now, say=self.stdout.write)
            _note(file, now)
        except (recognized.WrongDatabase, take.NotTaken, clients.NoClient, DatabaseError, OSError) as error:
            raise CommandError(f"There is no backup. {error}") from error
        seconds, size = time.monotonic() - began, file.stat().st_size / 1e6
        self.stdout.write(f"{file} ({size:,.1f} MB in {seconds:.1f} s)")
        for gone in shelf.keep_newest(file.parent, keep):
            self.stdout.write(f"Deleted {gone.name}: {keep} newer ones are kept.")
        self.stdout.write(
            "Not in it: SECRET_KEY (in your environment, else in "
            f"{settings.DATA_DIR / 'secret_key'}) and your settings. Keep them elsewhere than the dump."
        )


def _not_negative(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of dumps, 0 or more")
    return int(text)


def _leave(number: int, _frame: object) -> None:
    """End by way of what cleans up: the default would leave an unfinished dump and a pg_dump at work."""
    sys.exit(128 + number)


def _note(file: Path, now: datetime) -> None:
    """Note for `health` that there is a backup; without the note it would be a backup that failed."""
    try:
        periodic.mark("backup", now=now)
    except BaseException:
        shelf.delete(file)
        raise
