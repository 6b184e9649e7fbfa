"""After the events: the past as it was known then, the present scores, and the mark that the load is done."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import connection

from core.jobs import periodic
from core.models import Run
from customers import contact_counts
from samples.loading.progress import Phases
from scoring.runs import history, run

JOB = "sample"


def begin(name: str, now: datetime) -> bool:
    """Note that the sample is being loaded; return whether it was loaded before.

    The lease shows that a load is running. It keeps nobody out: a load that was killed can be run again at
    once, and two at a time store nothing twice.
    """
    periodic.plan(JOB, name)
    periodic.claim(JOB, now=now, period=name)
    return periodic.is_done(JOB, name)


def finish(name: str, now: datetime) -> None:
    periodic.finish(Run.objects.get(job=JOB, period=name, shard=0), now=now)


_CONTACTS = """
    INSERT INTO customers_inputlog (customer_id, name, known_on, number)
    SELECT stage.customer_id, %s, min(stage.known_on),
           1000 * (SELECT count(*) FROM customers_contact AS contact WHERE contact.customer_id = stage.customer_id)
    FROM customers_inputlog AS stage WHERE stage.name = 'stage' AND stage.customer_id = ANY(%s)
    GROUP BY stage.customer_id
    ON CONFLICT DO NOTHING
"""


def note_contacts(customers: Collection[int]) -> None:
    """Log the number of contacts since each customer's first day: a sample's people do not come one by one."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, [contact_counts.NAME, list(customers)])


def score(phases: Phases, customers: Collection[int], first_day: date, last_day: date, now: datetime) -> None:
    """Write each past day's scores as known then, then score everyone as of today."""
    # Before the history: the number of contacts is an input of its scores.
    note_contacts(customers)
    with phases.phase("History of scores") as progress:
        history.backfill(customers, first_day, last_day, now=now, progress=progress)
    with phases.phase("Scores of today"):
        while run.score_changed(now=now):
            pass
