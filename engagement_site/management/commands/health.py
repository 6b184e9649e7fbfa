import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from engagement_site.health import facts, judgement


class Command(BaseCommand):
    help = "Say how this installation is doing, as /health/ does; exit 1 when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--beat", action="store_true", help="only whether beat, Redis and a worker did something in the last minute"
        )

    def handle(self, *args: Any, beat: bool, **options: Any) -> None:
        now = timezone.now()
        if beat:
            age = facts.beat_age(now=now)
            self.stdout.write("No beat yet." if age is None else f"The last beat was {age:.0f} s ago.")
            sys.exit(age is None or age > judgement.BEAT_SECONDS)
        read = facts.read(now=now)
        for name, value in asdict(read).items():
            self.stdout.write(f"{name:<26}{'–' if value is None else value}")
        wrong = judgement.problems(read)
        self.stdout.write(f"Wrong: {', '.join(wrong)}" if wrong else "All is well.")
        sys.exit(bool(wrong))
