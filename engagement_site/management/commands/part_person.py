import time
from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.jobs import leased
from core.jobs.leased import InvalidState
from customers.models import Contact, Identity
from events.models import Parting
from events.parting import lifecycle, parts, work

State = Parting.State


class Command(BaseCommand):
    help = "Part the people who shared an id, as the page does; --dry-run says into whom, and changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contact", type=int, required=True, help="the number in the address of its page")
        parser.add_argument("--by", choices=Parting.By.values, required=True)
        parser.add_argument("--id", help="the shared id; needed where several are the contact's")
        parser.add_argument("--rest-with", default="", help="device id, address or customer's number of one of them")
        parser.add_argument(
            "--wrong-id", action=BooleanOptionalAction, default=True, help="put the id on the list of wrong ids"
        )
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        name = self._name(options["contact"], options["id"])
        now = timezone.now()
        try:
            job = lifecycle.ask(name, options["by"], now=now, by=None)
        except ValueError as error:
            raise CommandError(str(error)) from None
        self._work(job, State.READY)
        self._print(job)
        if options["dry_run"]:
            lifecycle.cancel(job, now=timezone.now())
            return
        rest_with = self._key(job, options["rest_with"])
        try:
            lifecycle.carry_out(job, rest_with=rest_with, puts_on_list=options["wrong_id"], now=timezone.now(), by=None)
        except InvalidState as error:
            raise CommandError(str(error)) from None
        job.refresh_from_db()
        self._work(job, State.DONE)
        self.stdout.write(f"Parted {job.people:,} people; {job.changed:,} events told again.")

    def _name(self, contact: int, value: str | None) -> Identity:
        if not Contact.objects.filter(pk=contact).exists():
            raise CommandError(f"There is no contact {contact}.")
        found = lifecycle.names_of(contact)
        names = [name for name in found if value is None or name.value == value]
        # The first is what most events came under; with two user ids that is for staff to say.
        if not names or (value is None and len([name for name in names if name.kind == names[0].kind]) > 1):
            listed = ", ".join(f"{name.kind} {name.value}" for name in found[:20]) or "none"
            raise CommandError(f"Say which one by --id. The contact's ids: {listed}.")
        return names[0]

    def _key(self, job: Parting, text: str) -> str:
        """Return the key of the part that --rest-with names."""
        if not text:
            return ""
        for part in parts.largest(job, most=None):
            if text in (part.key, part.label):
                return part.key
        raise CommandError(f"Nobody among them is {text}.")

    def _work(self, job: Parting, state: str) -> None:
        while job.state in Parting.waiting_states and job.state != state:
            leased.work_to_the_end(job, work.steps, clock=timezone.now, after_step=self._progress)
            if job.state in Parting.waiting_states:  # a worker was faster, and has it
                time.sleep(1)
                job.refresh_from_db()
        if job.state != state:
            raise CommandError(f"Parting {job.pk} {job.state}: {job.problem or 'no reason given'}.")

    def _progress(self, job: Parting) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{job.changed:,} events", ending="")

    def _print(self, job: Parting) -> None:
        write = self.stdout.write
        write(f"{job.people:,} people with {job.events:,} events; {job.rest:,} events stay with the contact.")
        if job.homeless:
            write(f"Of {job.homeless:,} of these events no company is known: they leave the customers they are at.")
        for part in parts.largest(job):
            where = ", ".join(part.companies) or "–"
            write(f"{part.events:>10,}  {part.label}  {where}")
