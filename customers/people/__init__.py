"""The people and companies of a batch of messages, stored or new, and why a batch has to begin again."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from customers.identities import Key
from customers.models import Contact, Customer


class Statement(NamedTuple):
    """When something was stated, and by which message. The earlier comes first, then the one of the smaller hash."""

    at: datetime
    message_hash: bytes


@dataclass(slots=True, eq=False)
class Company:
    """A customer of the batch; `row` is set while it is new or described, `id` once it is saved.

    `into`: colleagues merged it into that one, which counts for it.
    """

    id: int | None
    provisional: bool
    row: Customer | None = None
    into: "Company | None" = None

    @property
    def whole(self) -> "Company":
        return self if self.into is None else self.into


@dataclass(slots=True, eq=False)
class Person:
    """`joined_at` is since when they belong to the company without a break; None for one without memberships.

    `into`: colleagues merged them into that one, who counts for them: company, `joined_at` and `stop_scoring` are
    asked of `whole`.
    """

    id: int | None
    company: Company
    has_user: bool
    joined_at: datetime | None = None
    row: Contact | None = None
    stop_scoring: bool = False
    into: "Person | None" = None

    @property
    def whole(self) -> "Person":
        return self if self.into is None else self.into


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
