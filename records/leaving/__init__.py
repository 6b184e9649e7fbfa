"""Records that leave: deleted, or moved to another customer. What they told is withdrawn where they were."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core import days
from customers.models import Act, Contact, Customer
from records import keys, rows
from records.kinds import KINDS
from records.models import Record, RecordKey
from records.telling import teller, writing
from staff.models import User


@transaction.atomic
def delete(record: Record, *, now: datetime, by: User | None = None) -> None:
    """Delete a record: its events are withdrawn, its customer's inputs follow, its id in its own system is free again.

    Raises DoesNotExist when somebody was faster.
    """
    _leave(record, now, by, act=Act.Kind.DELETION, detail={})
    keys.release(str(record._meta.model_name), record.customer_id, record.external_id)


@transaction.atomic
def move(record: Record, to: Customer, *, now: datetime, by: User | None = None) -> Record:
    """Move a record of another system to another customer; return it as it stands there, not yet told.

    Write it there in the same transaction: its verb tells it. A contact stays behind. One of the same id that stood
    there before keys were kept is written over. Raises DoesNotExist when somebody was faster.
    """
    left = _leave(record, now, by, act=Act.Kind.RECORD, detail={"to": to.pk})
    key = RecordKey.objects.filter(kind=left._meta.model_name, external_id=left.external_id)
    key.filter(customer=left.customer_id).update(customer=to, record=left.id)
    return type(left)(**{**fields(left), "customer_id": to.pk, **_contact(left, to)})


def fields(record: Record) -> dict[str, Any]:
    """Return what a record says, as a row for its verb: what it has told is not among it."""
    own = (str(field.attname) for field in record._meta.concrete_fields if field.editable or field.name == "id")
    return {name: getattr(record, name) for name in own}


def _leave(record: Record, now: datetime, by: User | None, *, act: str, detail: Mapping[str, Any]) -> Record:
    kind = KINDS[type(record)]
    open_day = days.lock_open_day(now)
    found = rows.locked(type(record), [(record.customer_id, record.id)])
    if not found:
        raise type(record).DoesNotExist
    [left] = found
    source = rows.source(now)
    teller.withdraw_all(kind, left, teller.Telling(now, open_day, source, by=by, act=act, detail=dict(detail)))
    type(left)._default_manager.filter(customer=left.customer_id, id=left.id).delete()
    writing.settle(kind, {left.customer_id}, [], open_day)
    return left


def _contact(record: Record, to: Customer) -> dict[str, Any]:
    contact = getattr(record, "contact_id", None)
    stays = contact is not None and not Contact.objects.filter(pk=contact, customer=to).exists()
    return {"contact_id": None} if stays else {}
