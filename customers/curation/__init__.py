"""What colleagues put right about who is who: customers and contacts merged, moved, deleted, and all of that undone.

Each verb only changes where names and statements point, in one transaction, and leaves an Act. Events follow behind the
request (events.log.resettling); rows of apps above follow in the same transaction, by the steps named in the settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from core import days
from core.db import locks
from customers.models import Contact, Customer
from customers.people import pointing
from staff.models import User

_UPSERTS, _CURATION = 2, 4  # jobs: "upsert customers" (customers.lifecycle), and these verbs


class Refused(Exception):
    """It cannot be done; the text says why, to a colleague."""


@dataclass(frozen=True, slots=True)
class Merging:
    """A merge, or with `is_undone` the undoing of one, for the apps whose rows follow; ids of customers or contacts.

    `act` is the merge's own, `undo` the act that takes it back; `gone` counts for itself no more, or does again; `kept`
    is the one that counts for it, or did.
    """

    act: int
    gone: int
    kept: int
    open_day: date
    now: datetime
    by: User | None
    undo: int | None = None

    @property
    def is_undone(self) -> bool:
        return self.undo is not None

    @property
    def doing(self) -> int:
        """What is being done: the merge, or its undoing."""
        return self.act if self.undo is None else self.undo


def hold(now: datetime) -> date:
    """Let one colleague at a time put things right, with no customer made or described meanwhile; return the open day.

    Before any other lock.
    """
    locks.hold(locks.Space.JOB, [_UPSERTS, _CURATION])
    return days.lock_open_day(now)


def keep_still() -> None:
    """Let no colleague put anything right until the transaction ends. Before any other lock."""
    locks.hold(locks.Space.JOB, [_CURATION], shared=True)


def where(model: type[Customer] | type[Contact], pk: int) -> int | None:
    """Return the customer or contact that one was merged into, by way of others perhaps; None when it was not."""
    if pk >= 2**63:  # in an address: more than any row can have
        return None
    table = pointing.CUSTOMERS if model is Customer else pointing.CONTACTS
    path = pointing.path(table, pk)
    return path[-1] if len(path) > 1 else None


def take_steps(names: Iterable[str], merging: Merging) -> None:
    """Have the rows of apps above follow."""
    for name in names:
        import_string(name)(merging)


def steps_of_customers() -> Iterable[str]:
    steps: Iterable[str] = settings.STEPS_OF_CUSTOMER_MERGES
    return steps


def steps_of_contacts() -> Iterable[str]:
    steps: Iterable[str] = settings.STEPS_OF_CONTACT_MERGES
    return steps
