import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run everything in the foreground: pages, background work and its schedule, and the servers they need."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--with-parent", action="store_true", help="stop when the parent process is gone")

    def handle(self, *, with_parent: bool, **options: Any) -> None:
        from engagement_site.running import foreground, stopping

        stop_request = stopping.Stopping()
        stop_request.listen()
        stopping.ask_when_left_alone(with_parent=with_parent)
        if trouble := foreground.run(stop_request):
            self.stderr.write(trouble)
            sys.exit(1)
