from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from events import write_keys
from events.models import Channel
from staff.api_keys import UnknownScope
from staff.models import ApiKey


class Command(BaseCommand):
    help = "Create an API key and print it once. It is stored as a hash and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="who uses it; for events:write also the name of the source")
        parser.add_argument(
            "--scope", action="append", required=True, help=f"what it may do: {', '.join(ApiKey.SCOPES)}"
        )
        parser.add_argument(
            "--channel", choices=Channel.values, default=Channel.PRODUCT, help="the channel of a new source"
        )

    def handle(self, *args: Any, name: str, scope: list[str], channel: str, **options: Any) -> None:
        try:
            key = write_keys.create(name, scope, channel=Channel(channel), now=timezone.now())
        except (UnknownScope, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(key)
