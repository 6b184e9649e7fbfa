"""Writing records of any kind: the rows, what they tell, and the inputs of health, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core import days
from customers import change_feed
from events.models import Source
from records import keys, rows
from records.models import Record
from records.telling import teller
from records.telling.kind import Kind
from staff.models import User


@transaction.atomic
def write(
    kind: Kind,
    records: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    source: Source | None = None,
    history: bool = False,
    by: User | None = None,
) -> list[Any]:
    """Write records; return them whole, in the order of what was given. See `rows.save` for what a row holds.

    What they no longer say is withdrawn, what they say now is told, and their customers' inputs follow. `history`
    declares the past: events are known on the day they happened, and inputs by day. Raises keys.BelongsElsewhere.
    """
    if not records:
        return []
    open_day = days.lock_open_day(now)
    keys.claim(kind.name, records)
    saved = rows.save(kind.model, records)
    once = list({(record.customer_id, record.id): record for record in saved}.values())
    source = source or rows.source(now)
    teller.tell(kind, once, teller.Telling(now, open_day, source, history=history, by=by))
    customers = {record.customer_id for record in once}
    if history:
        kind.log_past(customers, open_day)
    settle(kind, customers, saved, open_day)
    return saved


def settle(kind: Kind, customers: Collection[int], written: Sequence[Record], open_day: date) -> None:
    """Log the inputs that records of this kind bear on, and have these customers scored."""
    kind.note_inputs(customers, written, open_day)
    change_feed.note(customers)
