from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import days
from core.db import partitions
from customers.people import adopting
from events.log import objections
from events.models import SourceDay
from playbooks import checklists, note_templates
from samples.loading import clearing
from scoring.model_versions import default_model

RELOAD = (
    "can still be chosen, as only samples are stored: "
    "manage.py load_sample --again portfolio takes them away and loads the portfolio by the new days."
)


class Command(BaseCommand):
    help = (
        "Bring the database up to date: tables, partitions, the first day, the starter model, checklists and texts, "
        "contacts who are not scored, where contacts belong. Harmless to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        call_command("migrate", verbosity=0, interactive=False)
        try:
            has_events = SourceDay.objects.exists()
            days.settle_zone(has_events=has_events, way_out=RELOAD if has_events and clearing.only_samples() else "")
        except days.OtherZone as refusal:
            raise CommandError(str(refusal)) from refusal
        made = partitions.ensure(days.business_day(now))
        days.begin(now)
        default_model.ensure(now)
        checklists.ensure(now)
        note_templates.ensure(now)
        objections.adopt(now=now)
        adopting.adopt()
        if options["verbosity"] > 1:
            self.stdout.write(f"The database is ready; {made} partitions were made.")
