"""Events that our own records and surveys cause: written as messages, and stored once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from customers.models import Identity, IdentityKind
from events import ingest
from events.models import Channel, Seen, Source
from events.wire.messages import message_hash


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
) -> dict[str, Any]:
    """Return the message of an event. The same `message_id` is the same event, however often it is stored.

    `customer` is our own id, `person` what `person_names` gives. Properties without a value are left out.
    """
    return {
        "type": "track",
        "event": name,
        "messageId": message_id,
        "timestamp": at.isoformat(),
        "customer": customer,
        "properties": {key: value for key, value in (properties or {}).items() if value not in (None, "")},
        **(person or {}),
    }


def store(messages: Sequence[dict[str, Any]], *, source: Source, now: datetime, history: bool = False) -> None:
    """Store the messages that no source has stored yet: a record that an import and the API both bring is one event.

    Call it after the record is written, in the same transaction. `Seen` is unique per source only, so what keeps
    two sources from storing the event at the same moment is the lock on the record's row.
    """
    hashes = [message_hash(message["messageId"]) for message in messages]
    # By all sources: the key of `Seen` begins with the source, and a scan over the hash alone would read the table.
    seen = Seen.objects.filter(source__in=Source.objects.values("pk"), message_hash__in=hashes)
    stored = {bytes(value) for value in seen.values_list("message_hash", flat=True)}
    # Left out here: within one source ingestion drops repeats itself, but an import and the API are two sources.
    fresh = [message for message, value in zip(messages, hashes, strict=True) if value not in stored]
    ingest.record(fresh, source=source, now=now, history=history, internal=True)


def person_names(contacts: Collection[int]) -> dict[int | None, dict[str, str]]:
    """Return for each contact what a message calls them by: the user id, else the e-mail. One query."""
    keys = {IdentityKind.EMAIL: "email", IdentityKind.USER: "userId"}
    identities = Identity.objects.filter(contact__in=contacts, kind__in=keys).order_by("kind", "-pk")
    names: dict[int | None, dict[str, str]] = {}
    for contact, kind, value in identities.values_list("contact", "kind", "value"):
        names[contact] = {keys[IdentityKind(kind)]: value}  # "user" comes after "email", so it stays
    return names
