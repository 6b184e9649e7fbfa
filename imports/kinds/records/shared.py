"""What the kinds of records share. An empty cell empties the field: the file is the source system's state."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from imports.cells import values
from imports.kinds import owner_columns
from imports.mapping import resolve
from imports.mapping.schema import CHANGED, NEW, SAME, Column, ImportContext, ImportKind, Row
from imports.problems import Problem, shown
from records import keys
from records import rows as records
from records.models import Record

EXTERNAL_ID = Column(
    "external_id",
    _("Id in its own system"),
    values.identifier(200),
    also=("id", "external id", "record id", "uuid", "key"),
    empty="",
)
CONTACT = Column(
    "contact_id", _("Contact’s e-mail"), values.email, also=("contact", "requester", "requester e-mail"), empty=None
)


@dataclass(frozen=True, slots=True)
class _Verbs:
    """How rows of one kind of record are told apart, compared and written."""

    model: type[Record]
    save: Callable[..., Sequence[Record]]
    naming: tuple[str, ...]
    is_name: bool
    defaults: Mapping[str, Any]

    def identify(self, row: Row) -> tuple[tuple[Any, ...], bool]:
        customer = row.values.get("customer_id")
        if row.values.get("external_id"):
            return (customer, "id", row.values["external_id"]), True
        return (customer, *(row.values[field] for field in self.naming)), self.is_name

    def compare(self, rows: Sequence[Row], context: ImportContext) -> None:
        self._refuse_owned(rows, context)
        resolve.link_contacts(rows)
        ids = {id(row): records.row_id(_external_id(row, self.naming)) for row in rows}
        stored = self.model._default_manager.filter(
            customer_id__in={row.values["customer_id"] for row in rows}, id__in=set(ids.values())
        )
        standing = {(record.customer_id, record.id): record for record in stored}
        for row in rows:
            record = standing.get((row.values["customer_id"], ids[id(row)]))
            for field, value in self.defaults.items():
                # A file without the column leaves it as it stands; an empty cell has set it already.
                row.values.setdefault(field, getattr(record, field) if record else value)
            row.becomes = NEW if record is None else CHANGED if _differs(row, record) else SAME

    def _refuse_owned(self, rows: Sequence[Row], context: ImportContext) -> None:
        """Note which rows name a record of another customer, by its name where the reader may see it. Two queries."""
        kind = str(self.model._meta.model_name)
        named = [(row, name) for row in rows if (name := row.values.get("external_id"))]
        owners = keys.owners(kind, (name for _, name in named))
        whose = itemgetter("customer_id")
        # An id that is nobody's yet is the first row's.
        foreign = [row for row, name in named if owners.setdefault(name, whose(row.values)) != whose(row.values)]
        names = resolve.names({owners[row.values["external_id"]] for row in foreign}, context.by)
        for row in foreign:
            name = row.values["external_id"]
            seen = {"customer": names[owners[name]]} if owners[name] in names else {}
            row.problems.append(Problem(f"owned {kind}" if seen else "owned", params={"got": shown(name), **seen}))

    def write(self, rows: Sequence[Row], context: ImportContext) -> Iterable[int]:
        whole = [{**row.values, "external_id": _external_id(row, self.naming)} for row in rows]
        self.save(whole, now=context.now, history=context.history, by=context.by)
        return [row.values["customer_id"] for row in rows]

    def prepare(self, _rows: Sequence[Row], context: ImportContext) -> None:
        records.source(context.now)


def kind(
    *,
    name: str,
    label: Any,
    model: type[Record],
    write: Callable[..., Sequence[Record]],
    columns: tuple[Column, ...],
    naming: tuple[str, ...],
    is_name: bool = False,
    ordered: tuple[tuple[str, str], ...] = (),
    defaults: Mapping[str, Any] | None = None,
) -> ImportKind:
    """Return the kind of a record. Without an id of its own, the fields in `naming` identify it."""
    verbs = _Verbs(model, write, naming, is_name, defaults or {})
    return ImportKind(
        name=name,
        label=label,
        columns=(owner_columns.COMPANY_ID, owner_columns.RAPPORT_ID, EXTERNAL_ID, *columns),
        identify=verbs.identify,
        compare=verbs.compare,
        write=verbs.write,
        prepare=verbs.prepare,
        either=(owner_columns.EITHER,),
        ordered=ordered,
        has_history=True,
    )


def _external_id(row: Row, naming: tuple[str, ...]) -> str:
    """Return the id in its own system; without one, an id made from what names the record: a repeat finds it."""
    if row.values.get("external_id"):
        return str(row.values["external_id"])
    text = "\0".join(_written(row.values[field]) for field in naming)
    return f"{keys.OF_A_FILE}{hashlib.sha256(text.encode()).hexdigest()[:32]}:{row.nth}"


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _differs(row: Row, record: Record) -> bool:
    names = (name for name in row.values if name not in ("customer_id", "external_id"))
    return any(row.values[name] != getattr(record, name) for name in names)
