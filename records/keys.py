"""Ids of other systems: each belongs to one customer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from records.models import RecordKey
from records.rows import row_id

# An id made from a row of a file names that row and no record of another system: two customers may have the same.
OF_A_FILE = "file:"
OWNED = {
    "contract": _("“%(got)s” is a contract of %(customer)s."),
    "invoice": _("“%(got)s” is an invoice of %(customer)s."),
    "ticket": _("“%(got)s” is a ticket of %(customer)s."),
    "note": _("“%(got)s” is a note about %(customer)s."),
}
NOT_SEEN = _("“%(got)s” belongs to another customer.")

_INSERT = """
    INSERT INTO records_recordkey (kind, external_id, customer_id, record)
    SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::uuid[]) ON CONFLICT (kind, external_id) DO NOTHING
"""
_READ = """
    SELECT external_id, customer_id FROM records_recordkey
    WHERE kind = %s AND external_id = ANY(%s::text[]) ORDER BY external_id FOR SHARE
"""


class BelongsElsewhere(LookupError):
    """An id in another system is that of another customer's record."""

    def __init__(self, external_id: str, customer: int) -> None:
        super().__init__(external_id)
        self.external_id, self.customer = external_id, customer

    def __str__(self) -> str:
        return str(NOT_SEEN) % {"got": self.external_id}


def claim(kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Take the ids of these rows for their customers, until the transaction ends. Two queries, none without ids.

    Of two who come at once the second waits and is refused. Raises BelongsElsewhere.
    """
    wanted = sorted({(row["external_id"], row["customer_id"]) for row in rows if _is_key(row.get("external_id"))})
    if not wanted:
        return
    names = [name for name, _ in wanted]
    with connection.cursor() as cursor:
        owners: dict[str, int] = {}
        # Again when somebody has just given one up: it was taken at the insert and is gone at the reading.
        while missing := sorted(set(names) - set(owners)):
            cursor.execute(_INSERT, [kind, *map(list, zip(*((n, c, row_id(n)) for n, c in wanted), strict=True))])
            cursor.execute(_READ, [kind, missing])
            owners |= dict(cursor.fetchall())
    for name, customer in wanted:
        if owners[name] != customer:
            raise BelongsElsewhere(name, owners[name])


def owners(kind: str, names: Iterable[str]) -> dict[str, int]:
    """Return whose these ids are, those that are anybody's. One query, none without ids."""
    wanted = {name for name in names if _is_key(name)}
    rows = RecordKey.objects.filter(kind=kind, external_id__in=wanted) if wanted else RecordKey.objects.none()
    return dict(rows.values_list("external_id", "customer_id"))


def release(kind: str, customer: int, external_id: str) -> None:
    """Give an id up. One query."""
    RecordKey.objects.filter(kind=kind, external_id=external_id, customer=customer).delete()


def in_words(kind: str, external_id: str, owner: str | None) -> str:
    """Say whose an id is; without a name, that it is somebody else's."""
    text = NOT_SEEN if owner is None else OWNED[kind]
    return str(text) % {"got": external_id, "customer": owner}


def _is_key(external_id: object) -> bool:
    return bool(external_id) and not str(external_id).startswith(OF_A_FILE)
