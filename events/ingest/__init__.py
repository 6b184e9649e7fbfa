"""Ingestion: messages in, events stored, counted once, in one transaction (docs/decisions/0001-schema.md).

200 means committed. What cannot be stored goes to `Rejected`; a repeat changes nothing; nothing a client sends can
fail its neighbours, nor what other requests bring in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from events.ingest.met import Met
from events.ingest.parcels import Parcel, read
from events.ingest.storing import RETRIED, Busy, Outcome, store
from events.models import Source

__all__ = ["RETRIED", "Busy", "Met", "Outcome", "Parcel", "read", "record", "store"]


def record(
    messages: Sequence[object],
    *,
    source: Source,
    now: datetime,
    envelope: Mapping[str, Any] | None = None,
    history: bool = False,
    store_rejected: bool = True,
    received_at: datetime | None = None,
    internal: bool = False,
    exclusive: Collection[int] = (),
) -> Outcome:
    """Store messages of Segment's shape, in any order. At most 30 queries, but for people whose history moves.

    `envelope` is the batch they came in (its sentAt, or the type a path gave). `history` declares an import of
    the past: each event is known on the day it happened; back-fill the customers' history afterwards. A replay
    gives the time of first receipt, which the messages' times are read by; and what cannot be stored is counted
    but, without `store_rejected`, not kept: it is kept already. `internal` messages come from our own
    records and may name a customer by our id (`messages.read`). The caller changes the counts of the contacts in
    `exclusive` in the same transaction, as an objection does: their names are held from the beginning.

    One transaction: all or nothing, and committed when this returns. Idempotent by (source, message id): a repeat
    counts as a duplicate and changes nothing. Never raises for what a message holds.
    """
    parcel = read(
        messages,
        source=source,
        received_at=received_at or now,
        envelope=envelope or {},
        history=history,
        internal=internal,
    )
    return store([parcel], now=now, history=history, store_rejected=store_rejected, exclusive=exclusive)
