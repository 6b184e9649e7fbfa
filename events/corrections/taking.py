"""Chunks of a correction: the next events, kept from others until the end of the transaction, and the acts they get."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from customers.models import Act
from events.log import acts, telling
from events.log.telling import Told, Which
from events.models import Correction

# Locked in the order of the key, so that two corrections of the same events wait for each other, and the second finds
# what is left.
_CHOOSE = """
    SELECT {key}, customer_id, occurred_at, id, source_id, message_hash, day, person_id, contact_id
    FROM events_event AS event
    WHERE {key} = ANY(%(keys)s::bigint[]) AND {where} AND (occurred_at, id) > (%(since)s, %(number)s)
    ORDER BY {key}, occurred_at, id LIMIT %(limit)s FOR UPDATE
"""
_BEGINNING = ("-infinity", 0)


class Row(NamedTuple):
    """An event that is to be withdrawn or told again; `key` is the customer or act it was found by."""

    key: int
    customer: int
    at: datetime
    number: int
    source: int
    message_hash: bytes
    day: date
    person: int | None
    contact: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Customers or acts of which one chunk is made: several small ones, or a part of a large one."""

    keys: Sequence[int]
    since: tuple[datetime, int] | None = None  # the last event of the first key that is done, by time and number

    def choose(self, key: str, where: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """Lock and return the next events. One query."""
        since, number = self.since or _BEGINNING
        chosen = {"keys": list(self.keys), "since": since, "number": number, "limit": telling.CHUNK}
        with connection.cursor() as cursor:
            cursor.execute(_CHOOSE.format(key=key, where=where), {**(params or {}), **chosen})
            return [Row(*row)._replace(message_hash=bytes(row[5])) for row in cursor.fetchall()]


def batch(job: Correction, sizes: Iterable[tuple[int, int]]) -> Batch:
    """Take as many keys as fit into a chunk, one at least. `sizes`: (key, events), in order."""
    keys: list[int] = []
    room = telling.CHUNK
    for key, events in sizes:
        if keys and (events > room or job.at_moment is not None):
            break
        keys.append(key)
        room -= events
    return Batch(keys, None if job.at_moment is None else (job.at_moment, job.at_number))


def move_on(job: Correction, done: Batch, rows: Sequence[Row]) -> None:
    """Move the place behind what was done: a full chunk may have ended within its last key."""
    if len(rows) < telling.CHUNK:
        job.at_key, job.at_moment = done.keys[-1], None
        return
    last = rows[-1]
    job.at_key = max((key for key in done.keys if key < last.key), default=job.at_key)
    job.at_moment, job.at_number = last.at, last.number


def which(rows: Sequence[Row], by_customer: Mapping[int, int], **params: str) -> Which:
    """Name exactly these events; each is withdrawn or told again by its customer's act."""
    moments = [row.at for row in rows]
    return Which(
        sorted({row.customer for row in rows}),
        "event.occurred_at BETWEEN %(since)s AND %(until)s AND event.id = ANY(%(chosen)s::bigint[])",
        {
            **params,
            "since": min(moments),
            "until": max(moments),
            "chosen": [row.number for row in rows],
            "by_customer": orjson.dumps({str(pk): act for pk, act in by_customer.items()}).decode(),
        },
        act="(%(by_customer)s::jsonb ->> customer_id::text)::bigint",
    )


def note(parent: Act, rows: Sequence[Row], *, now: datetime) -> Mapping[int, int]:
    """Say in the act of many, and in the act of each customer beneath it, what is done; return these by customer.

    Two queries, and one for each customer whose events began with an earlier chunk.
    """
    by_customer: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_customer[row.customer].append(row)
    known = {act.customer_id: act for act in Act.objects.filter(part_of=parent, customer__in=by_customer)}
    new = []
    for customer, of_customer in sorted(by_customer.items()):
        if customer in known:
            acts.extend(known[customer], _told(of_customer))
            continue
        detail = {name: parent.detail[name] for name in ("correction", "currency") if name in parent.detail}
        act = Act(kind=parent.kind, customer_id=customer, part_of=parent, at=now, by_id=parent.by_id, detail=detail)
        acts.add(act, _told(of_customer))
        new.append(act)
    parent.detail["customers"] = parent.detail.get("customers", 0) + len(new)
    acts.extend(parent, _told(rows))
    made = Act.objects.bulk_create(new)
    return {act.customer_id or 0: act.pk for act in (*known.values(), *made)}


def _told(rows: Collection[Row]) -> Told:
    moments = [row.at for row in rows]
    return Told(len(rows), min(moments), max(moments))
