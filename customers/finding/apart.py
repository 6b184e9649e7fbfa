"""Saying that two are not the same, and taking it back."""

from datetime import datetime
from typing import Any

from customers.models.apart import Apart
from staff.models import User


def keep(apart: type[Any], one: int, other: int, *, now: datetime, by: User | None) -> None:
    """Do not propose these two again, of whatever they have in common. Who said so first remains. One query.

    Raises ValueError for one and the same.
    """
    if one == other:
        raise ValueError("Two are needed.")
    first, second = sorted((one, other))
    pair = apart(first_id=first, second_id=second, at=now, by=by)
    apart._default_manager.bulk_create([pair], ignore_conflicts=True)


def take_back(pair: Apart) -> None:
    """Propose the two again, as long as they have something in common. One query."""
    pair.delete()
