from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.answering import tallies
from surveys.models import Survey


class Command(BaseCommand):
    help = "Rebuild a survey's daily counts from its answers; answers to all surveys wait meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", type=int, help="the number in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.filter(pk=options["survey"]).first()
        if survey is None:
            raise CommandError(f"There is no survey {options['survey']}.")
        tallies.recount(survey)
        self.stdout.write(f"Counts of “{survey}” rebuilt.")
