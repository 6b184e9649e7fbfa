"""Events that our own records and surveys cause: written as messages, stored once, and those of records withdrawn."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from customers.models import Identity, IdentityKind
from events import ingest
from events.log import telling
from events.models import Channel, Event, Seen, Source
from events.wire.messages import message_hash

# By the time as well: the months looked into, and the rows in them, are then those of these events alone.
_THESE = """
    occurred_at = ANY(%(moments)s::timestamptz[]) AND (customer_id, occurred_at, message_hash) IN (
        SELECT * FROM unnest(%(whose)s::bigint[], %(moments)s::timestamptz[], %(hashes)s::bytea[])
    )
"""
_LIVE = f"""
    SELECT customer_id, occurred_at, message_hash, contact_id FROM events_event AS event
    WHERE void_on IS NULL AND customer_id = ANY(%(whose)s::bigint[]) AND {_THESE}
"""  # noqa: S608
_ACT = """(
    SELECT act FROM unnest(%(hashes)s::bytea[], %(acts)s::bigint[]) AS chosen (hash, act) WHERE hash = message_hash
)"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that was stored for a record: where it stands in the log."""

    customer: int
    at: datetime
    message_hash: bytes


def source(name: str, channel: Channel, *, now: datetime) -> Source:
    """Return the source that our own events of one part come from. One query once it exists."""
    defaults = {"kind": Source.Kind.RECORDS, "channel": channel, "created_at": now}
    return Source.objects.get_or_create(name=name, defaults=defaults)[0]


def track(
    name: str,
    *,
    message_id: str,
    customer: int,
    at: datetime,
    properties: Mapping[str, object] | None = None,
    person: Mapping[str, str] | None = None,
    is_of_record: bool = False,
) -> dict[str, Any]:
    """Return the message of an event. The same `message_id` is the same event, however often it is stored.

    `customer` is our own id, `person` what `person_names` gives. Properties without a value are left out. An event
    of a record is the record's to withdraw.
    """
    return {
        "type": "track",
        "event": name,
        "messageId": message_id,
        "timestamp": at.isoformat(),
        "customer": customer,
        "properties": {key: value for key, value in (properties or {}).items() if value not in (None, "")},
        **(person or {}),
        **({"record": True} if is_of_record else {}),
    }


def store(messages: Sequence[dict[str, Any]], *, source: Source, now: datetime, history: bool = False) -> None:
    """Store the messages that no source has stored yet: a record that an import and the API both bring is one event.

    Call it after the record is written, in the same transaction. `Seen` is unique per source only, so what keeps
    two sources from storing the event at the same moment is the lock on the record's row.
    """
    stored = seen(message_hash(message["messageId"]) for message in messages)
    # Left out here: within one source ingestion drops repeats itself, but an import and the API are two sources.
    fresh = [message for message in messages if message_hash(message["messageId"]) not in stored]
    ingest.record(fresh, source=source, now=now, history=history, internal=True)


def seen(hashes: Iterable[bytes]) -> set[bytes]:
    """Return those of the message ids' hashes that any source has stored, withdrawn since or not. One query."""
    # By all sources: the key of `Seen` begins with the source, and a scan over the hash alone would read the table.
    rows = Seen.objects.filter(source__in=Source.objects.values("pk"), message_hash__in=list(hashes))
    return {bytes(value) for value in rows.values_list("message_hash", flat=True)}


def find(customers: Collection[int], hashes: Collection[bytes]) -> dict[bytes, Event]:
    """Return live events by the hashes of their ids. One query, over all that these customers did."""
    found = Event.objects.live().filter(customer__in=customers, message_hash__in=hashes).select_related("event_type")
    return {bytes(event.message_hash): event for event in found}


def live(told: Sequence[Told]) -> dict[Told, int | None]:
    """Return those of the events that were not withdrawn, each with its contact. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, _named(told))
        rows = cursor.fetchall()
    return {Told(customer, at, bytes(hashed)): contact for customer, at, hashed, contact in rows}


def withdraw(acts: Mapping[Told, int], *, open_day: date) -> None:
    """Withdraw events of records, each by its act. Four queries, and one more, for each few thousand of them."""
    params = {**_named(list(acts)), "acts": list(acts.values())}
    which = telling.Which(sorted({told.customer for told in acts}), _THESE, params, act=_ACT)
    while telling.withdraw(which, act=None, open_day=open_day).events == telling.CHUNK:
        pass


def _named(told: Sequence[Told]) -> dict[str, Any]:
    return {
        "whose": [event.customer for event in told],
        "moments": [event.at for event in told],
        "hashes": [event.message_hash for event in told],
    }


def person_names(contacts: Collection[int]) -> dict[int | None, dict[str, str]]:
    """Return for each contact what a message calls them by: the user id, else the e-mail. One query."""
    keys = {IdentityKind.EMAIL: "email", IdentityKind.USER: "userId"}
    identities = Identity.objects.filter(contact__in=contacts, kind__in=keys).order_by("kind", "-pk")
    names: dict[int | None, dict[str, str]] = {}
    for contact, kind, value in identities.values_list("contact", "kind", "value"):
        names[contact] = {keys[IdentityKind(kind)]: value}  # "user" comes after "email", so it stays
    return names
