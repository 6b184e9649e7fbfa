from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run everything in the foreground: pages, background work and its schedule, and the servers they need."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--with-parent", action="store_true", help="stop when the parent process is gone")

    def handle(self, *, with_parent: bool, **options: Any) -> None:
        from engagement_site.running import foreground

        foreground.main(with_parent=with_parent)
