import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from engagement_site.health import facts, judgement, probing, progress, words

WHOLE_SECONDS = 4.0  # however its parts hang


class Command(BaseCommand):
    help = "Say how this installation is doing, as /health/ does; exit 1 when something is wrong. Starts no server."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--beat", action="store_true", help="only whether beat, Redis and a worker did something in the last minute"
        )

    def handle(self, *args: Any, beat: bool, **options: Any) -> None:
        # Even when the deadlines of the questions do not hold
        with probing.unless_done(WHOLE_SECONDS, self.give_up):
            wrong = self.says_beat() if beat else self.says_all()
        sys.exit(wrong)

    def says_beat(self) -> bool:
        if trouble := probing.database_trouble():
            self.stdout.write(f"The database cannot be asked: {trouble}")
            return True
        with probing.cut_off(probing.READ_SECONDS):
            age = progress.beat_age(now=timezone.now())
        self.stdout.write("No beat yet." if age is None else f"The last beat was {age:.0f} s ago.")
        return age is None or age > judgement.BEAT_SECONDS

    def says_all(self) -> bool:
        read = facts.read(now=timezone.now(), ask_front=True)
        for name, value in read.flat().items():
            self.stdout.write(f"{name:<26}{'–' if value is None else value}")
        wrong = judgement.problems(read)
        for name in wrong:
            about = words.details(name, read)
            title = f"{name}: {words.TITLES[name]}{f' ({about})' if about else ''}."
            self.stdout.write(f"{title} {words.WHAT_TO_DO[name]}")
        self.stdout.write(f"Wrong: {', '.join(wrong)}" if wrong else "All is well.")
        return bool(wrong)

    def give_up(self) -> None:
        self.stdout.write("Wrong: database_slow (it did not answer in time)")
        self.stdout.flush()
        os._exit(1)
