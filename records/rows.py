"""Writes rows of records: inserted, or updated by their id."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from events import own
from events.models import Channel, Source
from records.models import Record

R = TypeVar("R", bound=Record)
_NAMESPACE = uuid.UUID("c6a1b5de-2f0f-4f43-9a6c-7f6f1f1f4b0a")  # any; the same external id has the same row


def row_id(external_id: str) -> uuid.UUID:
    """Return the id of the row that stands for a record of another system: a repeat finds it again."""
    return uuid.uuid5(_NAMESPACE, external_id)


def save(model: type[R], rows: Sequence[Mapping[str, Any]]) -> list[R]:
    """Insert or write over records; return them whole, as they stand afterwards, in the order of `rows`.

    Each row has customer_id and fields of the model, all rows the same; what they do not name stays as it is.
    `id`, else `external_id`, says which row is meant; without either it is a new one. Two queries.
    """
    if not rows:
        return []
    made = [model(**{**row, "id": _id_of(row)}) for row in rows]
    # The last of several: ON CONFLICT refuses to touch one row twice in a statement.
    last = {(record.customer_id, record.id): record for record in made}
    named = sorted(set(rows[0]) - {"customer_id", "id"})
    model._default_manager.bulk_create(
        # In the order of the key, so that two writers cannot deadlock.
        [last[key] for key in sorted(last)],
        # One statement for new rows and known ones: two systems may bring the same record at once.
        update_conflicts=True,
        unique_fields=["customer_id", "id"],
        update_fields=[name.removesuffix("_id") if name in _links(model) else name for name in named],
    )
    # Read again: what the rows do not name stands in the database only.
    stored = model._default_manager.filter(customer_id__in={c for c, _ in last}, id__in={i for _, i in last})
    saved = {(record.customer_id, record.id): record for record in stored}
    return [saved[record.customer_id, record.id] for record in made]


def without(model: type[Record], customers: Collection[int], written: Sequence[Record]) -> set[int]:
    """Return those of the customers who have no record of this kind left. One query, none where each has a new one."""
    rest = set(customers) - {record.customer_id for record in written}
    there = model._default_manager.filter(customer_id__in=rest).values_list("customer_id", flat=True).distinct()
    return rest - set(there) if rest else rest


def locked(model: type[R], keys: Sequence[tuple[int, uuid.UUID]]) -> list[R]:
    """Return these records, by customer and id, kept from others until the transaction ends. One query."""
    of_these = model._default_manager.filter(customer_id__in={c for c, _ in keys}, id__in={i for _, i in keys})
    found = of_these.order_by("customer_id", "id").select_for_update(no_key=True)
    return [record for record in found if (record.customer_id, record.id) in set(keys)]


def _id_of(row: Mapping[str, Any]) -> uuid.UUID:
    return row.get("id") or (row_id(str(row["external_id"])) if row.get("external_id") else uuid.uuid4())


def _links(model: type[R]) -> set[str]:
    return {str(field.column) for field in model._meta.concrete_fields if field.is_relation}


def source(now: datetime) -> Source:
    """Return the source of what colleagues and their systems write down. One query."""
    return own.source("Records", Channel.CRM, now=now)
