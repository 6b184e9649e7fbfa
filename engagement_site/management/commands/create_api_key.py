from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import days
from events import write_keys
from events.models import Channel
from staff.api_keys import UnknownScope
from staff.models import ApiKey, User


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

        parser.add_argument(
            "--colleague", metavar="EMAIL", help="whom it acts as: it sees and may do what they do (else: the company)"
        )
        parser.add_argument(
            "--expires", metavar="YYYY-MM-DD", type=_day, help="the first day on which it no longer works"
        )

    def handle(
        self,
        *args: Any,
        name: str,
        scope: list[str],
        channel: str,
        colleague: str | None,
        expires: datetime | None,
        **options: Any,
    ) -> None:
        now = timezone.now()
        if expires is not None and expires <= now:
            raise CommandError("Choose a day to come for --expires.")
        acts_as = None if colleague is None else _colleague(colleague)
        try:
            key = write_keys.create(
                name, scope, channel=Channel(channel), now=now, colleague=acts_as, expires_at=expires
            )
        except (UnknownScope, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(key)


def _day(text: str) -> datetime:
    """Return the beginning of a day."""
    try:
        return days.start(datetime.strptime(text, "%Y-%m-%d").date())  # noqa: DTZ007
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day such as 2027-01-31") from None


def _colleague(email: str) -> User:
    user = User.objects.filter(is_active=True, email__iexact=email.strip()).first()
    if user is None:
        raise CommandError(f"No active colleague has the e-mail {email!r}.")
    return user
