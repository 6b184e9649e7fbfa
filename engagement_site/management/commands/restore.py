from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from engagement_site.backup import clients, load


class Command(BaseCommand):
    help = "Load a dump into an empty database, compare it with what was dumped, bring it up to date, verify it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="delete everything that is in the database first")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            load.load(file.resolve(), replace=replace, say=self.stdout.write)
        except (load.NotLoaded, clients.NoClient, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        call_command("prepare", stdout=self.stdout)
        call_command("verify", stdout=self.stdout)
        self.stdout.write("Restored and verified.")
