"""Contracts: each is a row and an event, written in one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db import transaction

from customers.touch import touch
from events import ingest
from events.models import Source
from records.models import Contract

SIGNED = "Contract signed"


@transaction.atomic
def sign(rows: Sequence[Mapping[str, Any]], *, source: Source, now: datetime, history: bool = False) -> None:
    """Write contracts and their "Contract signed" events.

    Each row has customer_id, company_id (its external id), name, starts_on, currency, and may have renews_on,
    ends_on, monthly_value and id; a contract whose id stands already is written over, its event stays one.
    """
    contracts = [
        Contract(**{"id": uuid.uuid4(), **{k: v for k, v in row.items() if k != "company_id"}}) for row in rows
    ]
    Contract.objects.bulk_create(
        contracts,
        update_conflicts=True,
        unique_fields=["customer_id", "id"],
        update_fields=["name", "starts_on", "renews_on", "ends_on", "monthly_value", "currency"],
    )
    companies = [str(row["company_id"]) for row in rows]
    messages = [_signed(contract, company) for contract, company in zip(contracts, companies, strict=True)]
    ingest.record(messages, source=source, now=now, history=history)
    touch(contract.customer_id for contract in contracts)


def _signed(contract: Contract, company: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"contract": contract.name}
    if contract.monthly_value is not None:
        properties |= {"value": float(contract.monthly_value), "currency": contract.currency}
    return {
        "type": "track",
        "event": SIGNED,
        "messageId": f"contract:{contract.id}",
        "timestamp": datetime.combine(contract.starts_on, time(9), UTC).isoformat(),
        "properties": properties,
        "context": {"groupId": company},
    }
