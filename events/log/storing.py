"""The event log: rows appended set-based. What becomes of them later is in `events.log.telling`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from core.db import direct
from customers import change_feed
from customers.objections import Span
from events.log import counts
from events.log.event_rows import EventRow

COLUMNS = EventRow._fields
_COPY = f"COPY events_event ({', '.join(COLUMNS)}) FROM STDIN"


def append(rows: Sequence[EventRow], exclusions: Mapping[int, Sequence[Span]]) -> None:
    """Store events, count them and mark their customers. Five queries, whatever the number of events.

    `exclusions` of those contacts who object to being scored.
    """
    if not rows:
        return
    # COPY takes a tenth of the time of bulk_create (core/db/bulk.py), and lines written here half of the driver's.
    direct.copy(_COPY, "".join(map(_line, rows)).encode())
    with direct.pipeline():
        counts.add(rows, exclusions)
        change_feed.note({row.customer_id for row in rows})


def _line(row: EventRow) -> str:
    """Write the row as a line of COPY's text format."""
    (customer, at, day, kind, contact, person, company, source, message_hash, is_activity, known_on, received_at,
     original_at, sent_at, value, flags, properties, context) = row  # fmt: skip
    return (
        f"{customer}\t{at}\t{day}\t{kind}\t{_text(contact)}\t{_text(person)}\t{_text(company)}\t{source}"
        f"\t\\\\x{message_hash.hex()}\t{is_activity}\t{known_on}\t{received_at}\t{_text(original_at)}\t{_text(sent_at)}"
        f"\t{_text(value)}\t{flags}\t{_json(properties)}\t{_json(context)}\n"
    )


def _text(value: int | datetime | None) -> str:
    return r"\N" if value is None else str(value)


def _json(value: dict[str, Any]) -> str:
    """Write JSON, which holds no tab and no end of line, so that only backslashes have to be doubled."""
    text = orjson.dumps(value).decode()
    return text.replace("\\", "\\\\") if "\\" in text else text
