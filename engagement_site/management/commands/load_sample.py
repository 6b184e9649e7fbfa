from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import days
from events.models import SourceDay
from samples.loading import clearing
from samples.loading.progress import Phases
from samples.online_retail import load as online_retail
from samples.portfolio import load as portfolio
from samples.portfolio.spec import OutOfRange
from scoring.model_versions import default_model


class Command(BaseCommand):
    help = "Load sample data: a real shop's invoices, or a made-up portfolio. Harmless to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="First take away all samples, with what was written about their customers, and begin anew in the"
            " zone of BUSINESS_TIME_ZONE; refused where anything else is stored.",
        )
        samples = parser.add_subparsers(dest="sample", required=True, metavar="SAMPLE")
        made_up = samples.add_parser(portfolio.NAME, help="A software company's customers, on all channels.")
        made_up.add_argument("--customers", type=int, default=portfolio.CUSTOMERS)
        made_up.add_argument("--days", type=int, default=portfolio.DAYS)
        made_up.add_argument("--seed", type=int, default=portfolio.SEED)
        retail = samples.add_parser(online_retail.NAME, help="25,897 invoices of a gift wholesaler, 2010 to 2011.")
        retail.add_argument(
            "--shift-to-today",
            action="store_true",
            help="Move all by whole days, so that the last day is today.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        _begin(now, again=options["again"])
        default_model.ensure(now)
        phases = Phases(self.stdout)
        try:
            if options["sample"] == portfolio.NAME:
                tally = portfolio.load(
                    customers=options["customers"],
                    days=options["days"],
                    seed=options["seed"],
                    now=now,
                    phases=phases,
                )
            else:
                tally = online_retail.load(shift_to_today=options["shift_to_today"], now=now, phases=phases)
        except (OutOfRange, online_retail.LoadedOtherwise) as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in tally.lines():
            self.stdout.write(line)


def _begin(now: datetime, *, again: bool) -> None:
    """Begin where nothing began before. Raises CommandError in another zone than before, and where not all can go."""
    try:
        if again:
            clearing.clear(now)
        days.settle_zone(has_events=SourceDay.objects.exists())
    except clearing.NotOnlySamples as refusal:
        raise CommandError("Not only samples are stored: nothing was taken away.") from refusal
    except days.OtherZone as refusal:
        raise CommandError(str(refusal)) from refusal
    days.begin(now)
