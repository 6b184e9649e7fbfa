"""Past events: one for each row, by the file's own id or one made of customer, type and time."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from events import event_types, ingest
from events.models import Seen, Source
from events.wire import messages
from imports.cells import values
from imports.kinds import owner_columns
from imports.mapping import schema
from imports.mapping.schema import NEW, SAME, Column, ImportContext, Row
from imports.problems import Problem

SOURCE = "Imported files"
_WHOSE = (*owner_columns.EITHER, "user_id", "email")


def source(now: datetime) -> Source:
    """Return the one source of all files: so the same event in two files is one. One query."""
    made = {"kind": Source.Kind.IMPORT, "created_at": now}
    return Source.objects.get_or_create(name=SOURCE, defaults=made)[0]


def _identify(row: Row) -> tuple[tuple[Any, ...], bool]:
    if row.values.get("message_id"):
        return ("id", row.values["message_id"]), True
    # As the file names them: after two customers are merged, the same file still says the same.
    names = (row.named.get(name) or row.values.get(name) or "" for name in _WHOSE)
    return (*names, row.values["event"], row.values["at"].isoformat()), False


def _message_id(row: Row) -> str:
    key, is_name = _identify(row)
    if is_name:
        return f"file:{key[1]}"
    return f"row:{hashlib.sha256(chr(0).join(key).encode()).hexdigest()}:{row.nth}"


def _message(row: Row, context: ImportContext) -> dict[str, Any]:
    properties = {name: values.typed(text) for name, text in row.rest.items()}
    for name in ("value", "currency"):
        if name in row.values:
            number = row.values[name]
            properties[name] = float(number) if isinstance(number, Decimal) else number
    message = {
        "type": "track",
        "event": row.values["event"],
        "messageId": _message_id(row),
        "timestamp": row.values["at"].isoformat(),
        "userId": row.values.get("user_id"),
        "email": row.values.get("email"),
        "properties": properties,
        # What the file brought can be withdrawn again (events/corrections).
        "context": {"import": context.job},
    }
    return {**message, "customer": row.values["customer_id"]} if "customer_id" in row.values else message


def _compare(rows: Sequence[Row], context: ImportContext) -> None:
    hashes: dict[int, bytes] = {}
    for row in rows:
        if row.values["at"] > context.now:
            row.problems.append(Problem("too late", "at"))
            continue
        try:
            read = messages.read(
                _message(row, context), envelope={}, received_at=context.now, history=context.history, internal=True
            )
            # As ingestion will compute it: what is said beforehand is exactly what will be found.
            hashes[id(row)] = read.message_hash
        except messages.Unstorable as error:
            row.problems.append(Problem("refused", params={"got": str(error)}))
    seen = Seen.objects.filter(source__name=SOURCE, message_hash__in=list(hashes.values()))
    stored = {bytes(stored_hash) for stored_hash in seen.values_list("message_hash", flat=True)}
    for row in rows:
        row.becomes = SAME if hashes.get(id(row)) in stored else NEW


def _prepare(rows: Sequence[Row], context: ImportContext) -> None:
    event_types.register(
        {row.values["event"] for row in rows if not row.problems}, source=source(context.now), now=context.now
    )


def _write(rows: Sequence[Row], context: ImportContext) -> Iterable[int]:
    outcome = ingest.record(
        [_message(row, context) for row in rows],
        source=source(context.now),
        now=context.now,
        history=context.history,
        store_rejected=False,
        internal=True,
    )
    # Not kept among the rejected events: the row goes into the error file, from where it is corrected and sent again.
    if outcome.reasons:
        raise ValueError(outcome.reasons[0])
    return outcome.customers


KIND = schema.ImportKind(
    name="events",
    label=_("Past events"),
    columns=(
        owner_columns.COMPANY_ID,
        owner_columns.RAPPORT_ID,
        Column("user_id", _("User id"), values.identifier(200), is_id=True, also=("user",)),
        Column("email", _("E-mail"), values.email, also=("e-mail address", "mail"), example="kim@acme.example"),
        Column("event", _("Event"), values.name(200), required=True, also=("event name", "event type", "action"),
               example="Report created"),
        Column("at", _("At"), values.moment, required=True, is_day=True, example="2026-01-31 14:30",
               also=("time", "timestamp", "date", "when", "occurred at")),
        Column("message_id", _("Event id"), values.identifier(190), also=("id", "message id", "uuid"), example="e-1"),
        Column("value", _("Value"), values.number_of, is_amount=True, also=("amount", "revenue", "total"),
               example="49.90"),
        Column("currency", _("Currency"), values.currency, example="EUR"),
    ),
    identify=_identify,
    compare=_compare,
    write=_write,
    prepare=_prepare,
    either=(_WHOSE,),
    rest="properties",
    has_history=True,
)  # fmt: skip
