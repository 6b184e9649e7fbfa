"""Contacts brought to say what their address says, where a moment's race or the release before left it out.

Sending does not wait for it: it asks the address itself.
"""

from datetime import datetime

from django.db import transaction

from core.db import bulk
from core.jobs import periodic
from customers.consent import addresses, refusals
from customers.models import Contact

JOB = "settle-consent"
CHUNK = 2_000


def note(*, now: datetime) -> None:
    """Settle all once an hour, whichever worker comes first."""
    period = now.strftime("%Y-%m-%dT%H")
    periodic.drop_others(JOB, period)
    periodic.plan(JOB, period)
    if (run := periodic.claim(JOB, now=now, period=period)) is not None:
        settle(now=now)
        periodic.finish(run, now=now)


def settle(*, now: datetime) -> int:
    """Give contacts the hash of their address, and what is refused under it; return how many were changed.

    Harmless to repeat. Each chunk is a transaction; contacts that others hold are left for the next time.
    """
    changed = 0
    while count := _hash_some(now):
        changed += count
    while count := _flag_some(now):
        changed += count
    return changed


@transaction.atomic
def _hash_some(now: datetime) -> int:
    """Hash addresses that a program of the release before wrote."""
    bare = Contact.objects.filter(address=None).exclude(email="").order_by("pk")
    rows = list(bare.select_for_update(no_key=True, skip_locked=True).defer("traits", "set_at")[:CHUNK])
    hashed = [row for row in rows if _hash(row)]
    refusing = {row.pk for row in hashed if row.survey_opt_out}
    refusals.go_over(hashed, refused=refusing, called=(), now=now)
    bulk.update(hashed, ["address", "survey_opt_out"])
    return len(hashed)


def _hash(row: Contact) -> bool:
    row.address = addresses.digest(row.email)
    return row.address is not None  # an "address" of invisible characters has none


@transaction.atomic
def _flag_some(now: datetime) -> int:
    unaware = Contact.objects.filter(refusals.stands(refusals.OPTED_OUT), survey_opt_out=False).order_by("pk")
    rows = list(unaware.select_for_update(no_key=True, skip_locked=True).defer("traits", "set_at")[:CHUNK])
    refusals.go_over(rows, refused=(), called=(), now=now)
    bulk.update(rows, ["survey_opt_out"])
    return len(rows)
