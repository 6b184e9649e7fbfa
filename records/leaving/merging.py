"""Records of customers and contacts that colleagues merge: withdrawn where they were, and told where they are."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from customers.curation import Merging, rows
from customers.models import Act
from records.kinds import KINDS
from records.models import Record, RecordKey
from records.rows import source
from records.telling import teller, writing
from records.telling.kind import Kind

CHUNK = 1_000  # records told in one go


def customers(merging: Merging) -> None:
    take_along(KINDS.values(), merging)


def contacts(merging: Merging) -> None:
    tell_of_contacts(KINDS.values(), merging)


def take_along(kinds: Iterable[Kind], merging: Merging) -> None:
    """Have the records of one customer be another's, or those that a merge took be its own again."""
    at, to = (merging.kept, merging.gone) if merging.is_undone else (merging.gone, merging.kept)
    for kind in kinds:
        _withdraw(kind, at, merging)
        if merging.is_undone:
            moved = rows.give_back_of(kind.model, merging.act, at, to)
        else:
            moved = rows.take_of(kind.model, merging.act, at, to)
        RecordKey.objects.filter(kind=kind.name, customer=at, record__in=moved).update(customer=to)
        _tell(kind, to, moved, merging)
        writing.settle(kind, [to] if not merging.is_undone else [at, to], [], merging.open_day)


def tell_of_contacts(kinds: Iterable[Kind], merging: Merging) -> None:
    """Have records that name another contact now tell so."""
    for kind in kinds:
        if hasattr(kind.model, "contact"):
            ids = rows.linked(merging.act, kind.model)
            for records in _chunks(kind.model._default_manager.filter(id__in=ids)):
                teller.tell(kind, records, _telling(merging))


def _withdraw(kind: Kind, customer: int, merging: Merging) -> None:
    """Withdraw what the records that are to move have told."""
    moving = kind.model._default_manager.filter(customer=customer)
    if merging.is_undone:
        moving = moving.filter(id__in=rows.noted(merging.act, kind.model))
    for records in _chunks(moving):
        teller.withdraw_under(merging.doing, kind, records, _telling(merging))


def _tell(kind: Kind, customer: int, ids: Sequence[str], merging: Merging) -> None:
    for records in _chunks(kind.model._default_manager.filter(customer=customer, id__in=ids)):
        teller.tell(kind, records, _telling(merging))


def _chunks(found: QuerySet[Record]) -> Iterator[list[Record]]:
    records = list(found.order_by("customer_id", "id").select_for_update(no_key=True))
    for start in range(0, len(records), CHUNK):
        yield records[start : start + CHUNK]


def _telling(merging: Merging) -> teller.Telling:
    return teller.Telling(merging.now, merging.open_day, source(merging.now), by=merging.by, act=Act.Kind.RECORD)
