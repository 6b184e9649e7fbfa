import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.outbox import queue


class Command(BaseCommand):
    help = "Send what is due in the outbox, beside the worker or instead of it; SIGTERM stops it between two messages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stay", action="store_true", help="wait for more instead of ending when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        self._stopped = False
        signal.signal(signal.SIGTERM, self._stop)
        count = 0
        while not self._stopped:
            count += queue.send(clock=timezone.now, go_on=lambda: not self._stopped)
            if not options["stay"]:
                break
            time.sleep(1)
        self.stdout.write(f"{count} sent")

    def _stop(self, *_signal: object) -> None:
        self._stopped = True
