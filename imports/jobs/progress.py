"""One chunk of an import: held against everybody else, and counted in the transaction that writes it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from imports.mapping.schema import Row
from imports.models import Import

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=5)


class Lost(Exception):
    """Somebody else has the import now, or it is in another state."""


class Stopped(Exception):
    """Somebody asked for the import to end here."""


@contextmanager
def chunk(job: Import, clock: Clock) -> Iterator[Import]:
    """Hold the import for one transaction, yield it as it stands, and save what was changed in it.

    Raises Lost and Stopped, with nothing written.
    """
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=job.pk)
        mine = (held.lease, held.state, held.phase, held.at_number) == (job.lease, job.state, job.phase, job.at_number)
        if not mine:
            raise Lost
        if held.asked_to_cancel:
            raise Stopped
        yield held
        held.tries, held.leased_until = 0, clock() + LEASE
        held.save()
    for name in ("phase", "at_number", "state", "total_rows", "formats"):
        setattr(job, name, getattr(held, name))


def count(sums: dict[str, int], rows: Iterable[Row]) -> dict[str, int]:
    """Return the counts by what became of rows, these rows added."""
    total = dict(sums)
    for row in rows:
        total[row.becomes] = total.get(row.becomes, 0) + 1
    return total
