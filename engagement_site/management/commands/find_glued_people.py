from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.models import SharedId
from customers.people import shared


class Command(BaseCommand):
    help = "Look for ids that several people seem to share, and print them; part_person parts one."

    def handle(self, *args: Any, **options: Any) -> None:
        shared.look_again()
        while shared.look(now=timezone.now()):
            pass
        found = SharedId.objects.by_signs().select_related("name")
        self.stdout.write(f"{'contact':>10} {'devices':>8} {'addresses':>10} {'customers':>10}  id")
        for row in found.iterator():
            note = "  (a wrong id)" if row.is_wrong else ""
            counts = f"{row.contact_id:>10} {row.devices:>8} {row.addresses:>10} {row.companies:>10}"
            self.stdout.write(f"{counts}  {row.name.kind}: {row.name.value}{note}")
        self.stdout.write(f"{found.count():,} found.")
