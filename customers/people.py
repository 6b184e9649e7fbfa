"""The people and companies of a batch of messages, stored or new, and why a batch has to begin again."""

from dataclasses import dataclass
from datetime import datetime

from customers.identities import Key
from customers.models import Contact, Customer


@dataclass(slots=True, eq=False)
class Company:
    """A customer of the batch; `row` is set while it is new or described, `id` once it is saved."""

    id: int | None
    provisional: bool
    identity: int | None = None  # its own `rapport` identity, under which events keep it unless they name another
    row: Customer | None = None


@dataclass(slots=True, eq=False)
class Person:
    id: int | None
    company: Company
    has_user: bool
    joined_at: datetime | None = None
    row: Contact | None = None
    stop_scoring: bool = False


class NeedsWiderLock(Exception):
    """The batch repoints people; do it again from the start, with all names of these contacts locked as well."""

    def __init__(self, contacts: set[int]) -> None:
        super().__init__(f"Lock the identities of {sorted(contacts)} first.")
        self.contacts = contacts


class Vanished(Exception):
    """Some identities that should exist do not: look for all of them, and begin again."""


class Busy(Exception):
    """Others are changing some of these people; the identities say whom to wait for, none that it may be anybody."""

    def __init__(self, keys: set[Key]) -> None:
        super().__init__(f"{len(keys)} identities are being changed.")
        self.keys = keys
