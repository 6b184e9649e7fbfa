"""The people and companies of a batch of messages, stored or new."""

from dataclasses import dataclass
from datetime import datetime

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
