"""What a record keeps of what it has told.

`told` is part → {"n": how often it was told}, and while that holds {"id", "at", "digest"} of the event: the id of
its message, its time as stored, and what it said.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from core import days
from events import own
from events.models import Event
from events.wire.messages import message_hash
from records.models import Record
from records.telling.happening import Happening
from records.telling.kind import Kind

_SAVE = """
    UPDATE {table} AS row SET told = new.told, next_on = new.next_on
    FROM unnest(%s::bigint[], %s::uuid[], %s::jsonb[], %s::date[]) AS new (customer_id, id, told, next_on)
    WHERE row.customer_id = new.customer_id AND row.id = new.id
"""


def message_id(record: Record, part: str, number: int) -> str:
    """Return the id of the message that tells a part for the nth time; the first is the bare id of the part."""
    bare = f"{record._meta.model_name}:{record.customer_id}:{record.id}:{part}"
    return bare if number == 1 else f"{bare}:{number}"


def event_of(record: Record, entry: dict[str, Any]) -> own.Told:
    return own.Told(record.customer_id, datetime.fromisoformat(entry["at"]), message_hash(entry["id"]))


def kept(record: Record) -> dict[str, dict[str, Any]]:
    """Return what an adopted record keeps, to be changed in place."""
    assert record.told is not None
    return record.told


def holds(entry: dict[str, Any] | None) -> bool:
    return entry is not None and "at" in entry


def adopt(kind: Kind, records: Iterable[Record], today: date) -> None:
    """Look into the log for what records have told before they kept it. Two queries, none when all of them keep it."""
    before = [record for record in records if record.told is None]
    hashes = {(id(record), part): message_hash(message_id(record, part, 1)) for record in before for part in kind.parts}
    seen = own.seen(hashes.values()) if before else set()
    found = own.find({record.customer_id for record in before}, seen) if seen else {}
    for record in before:
        happened = {happening.part: happening for happening in kind.events_of(record, today)}
        record.told = {}
        for part in kind.parts:
            hashed = hashes[id(record), part]
            if hashed in seen:
                event = found.get(hashed)
                record.told[part] = {"n": 1, **(_entry(record, part, event, happened.get(part)) if event else {})}


def _entry(record: Record, part: str, event: Event, happening: Happening | None) -> dict[str, Any]:
    is_same = happening is not None and _is_told_by(event, happening)
    digest = happening.digest if happening is not None and is_same else ""
    return {"id": message_id(record, part, 1), "at": event.occurred_at.isoformat(), "digest": digest}


def _is_told_by(event: Event, happening: Happening) -> bool:
    """Tell whether a stored event says what happened; a later hour of its day was told as the time of writing."""
    properties = {key: value for key, value in event.properties.items() if key != "author"}
    return (
        event.event_type.name == happening.name
        and event.day == days.business_day(happening.moment)
        and event.contact_id in (happening.contact, None)
        and properties == {key: value for key, value in happening.properties.items() if value not in (None, "")}
    )


def save(model: type[Record], records: Sequence[Record]) -> None:
    """Write what these have told, and their next days. One query, none without records."""
    if not records:
        return
    rows = [(r.customer_id, r.id, orjson.dumps(r.told).decode(), r.next_on) for r in records]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE.format(table=model._meta.db_table), [list(column) for column in zip(*rows, strict=True)])
