"""Contracts: each is a row and an event, written in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from customers import change_feed
from events import own
from events.models import Source
from records import rows
from records.models import Contract


@transaction.atomic
def sign(
    contracts: Sequence[Mapping[str, Any]], *, now: datetime, source: Source | None = None, history: bool = False
) -> list[Contract]:
    """Write contracts and their "Contract signed" events; see `rows.save` for what a row holds."""
    saved = rows.save(Contract, contracts)
    messages = [_signed(contract, now) for contract in saved]
    own.store(messages, source=source or rows.source(now), now=now, history=history)
    change_feed.note(contract.customer_id for contract in saved)
    return saved


def _signed(contract: Contract, now: datetime) -> dict[str, Any]:
    worth: dict[str, object] = {}
    if contract.monthly_value is not None:
        worth = {"value": float(contract.monthly_value), "currency": contract.currency}
    properties = {"contract": contract.name, **worth}
    return rows.event(contract, "Contract signed", contract.starts_on, "signed", now=now, properties=properties)
