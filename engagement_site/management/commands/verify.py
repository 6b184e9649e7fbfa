import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from scoring.verify import Report, check


class Command(BaseCommand):
    help = "Derive every stored count and score again from the log; exit 1 when anything differs."

    def handle(self, *args: Any, **options: Any) -> None:
        report = check(self._progress)
        self._print(report)
        if report.differences:
            sys.exit(1)

    def _progress(self, done: int, of: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done * 100 // max(1, of):3d} % of customers", ending="")
            if done == of:
                self.stderr.write("")

    def _print(self, report: Report) -> None:
        for what, number in sorted(report.compared.items()):
            self.stdout.write(f"{number:>12,} {what} compared")
        for what, number in sorted(report.pending.items()):
            self.stdout.write(f"{number:>12,} {what}: pending")
        for difference in [*report.explained, *report.unexplained]:
            self.stdout.write(str(difference))
        if report.explained_differences:
            self.stdout.write(f"{_differences(report.explained_differences)} explained by an act")
        self.stdout.write(_differences(report.differences))


def _differences(number: int) -> str:
    return ngettext("%(n)s difference", "%(n)s differences", number) % {"n": f"{number:>12,}"}
