"""Contracts: each is a row, and an event on the day it starts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from events.models import Source
from records.models import Contract
from records.telling import writing
from records.telling.happening import Happening, has_come
from records.telling.kind import Kind
from staff.models import User


def sign(
    contracts: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    source: Source | None = None,
    history: bool = False,
    by: User | None = None,
) -> list[Contract]:
    """Write contracts and their "Contract signed" events; see `writing.write`."""
    return writing.write(KIND, contracts, now=now, source=source, history=history, by=by)


def events_of(contract: Contract, today: date) -> Iterator[Happening]:
    """Yield that it was signed, once the day has come on which it starts."""
    worth: dict[str, object] = {}
    if contract.monthly_value is not None:
        worth = {"value": float(contract.monthly_value), "currency": contract.currency}
    if has_come(contract.starts_on, today):
        yield Happening("signed", "Contract signed", contract.starts_on, {"contract": contract.name, **worth})


def _moments(contract: Contract) -> tuple[date]:
    return (contract.starts_on,)


KIND = Kind(model=Contract, parts=("signed",), events_of=events_of, moments_of=_moments)
