"""Messages under ids of customers and contacts that colleagues deleted: refused, or kept under their other id."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core import days
from customers.identities import Key
from customers.models import Act, Identity, IdentityKind
from events.ingest.people import name_of
from events.rejected import Refused
from events.wire.messages import Message

SHOWN = 40  # characters of an id
_FIELDS = {IdentityKind.USER: "userId", IdentityKind.ANONYMOUS: "anonymousId", IdentityKind.EMAIL: "email"}


class NamesRemoved(Exception):
    """Some ids of the batch are to be ignored; do without them, and begin again."""

    def __init__(self, keys: Collection[Key]) -> None:
        super().__init__(f"Ignore {sorted(keys)}.")
        self.keys = keys


def without(messages: Sequence[Message], keys: Collection[Key]) -> tuple[list[Message], list[Refused]]:
    """Return the messages that name somebody else, without these ids, and the others with the reason. One query."""
    good: list[Message] = []
    bad: list[tuple[Message, Key]] = []
    for message in messages:
        if (guilty := _guilty(message, keys)) is not None:
            bad.append((message, guilty))
        else:
            good.append(_without(message, keys))
    reasons = _reasons({key for _, key in bad})
    return good, [Refused(message.source_id, message.on_its_own, reasons[key]) for message, key in bad]


def _guilty(message: Message, keys: Collection[Key]) -> Key | None:
    """Return the id for which a message is refused."""
    named = [message.company, *_previous(message)]
    # What records tell of somebody deleted stays at their customer, without them.
    if not (message.is_internal and message.event_name):
        named.append(name_of(message))
    return next((key for key in named if key in keys), None)


def _previous(message: Message) -> Iterable[Key]:
    if message.previous_id:
        yield IdentityKind.USER.value, message.previous_id
        yield IdentityKind.ANONYMOUS.value, message.previous_id


def _without(message: Message, keys: Collection[Key]) -> Message:
    def kept(kind: IdentityKind, value: str | None) -> str | None:
        return None if (kind.value, value) in keys else value

    return replace(
        message,
        user_id=kept(IdentityKind.USER, message.user_id),
        anonymous_id=kept(IdentityKind.ANONYMOUS, message.anonymous_id),
        email=kept(IdentityKind.EMAIL, message.email),
    )


def _reasons(keys: Collection[Key]) -> Mapping[Key, str]:
    if not keys:
        return {}
    kinds, values = zip(*keys, strict=True)
    found = {
        (row.kind, row.value): row
        for row in Identity.objects.filter(kind__in=kinds, value__in=values)
        if (row.kind, row.value) in keys
    }
    return {key: _reason(key, found.get(key)) for key in keys}


def _reason(key: Key, identity: Identity | None) -> str:
    field = _FIELDS.get(IdentityKind(key[0]), "groupId") if key[0] in IdentityKind.values else "groupId"
    what = f"`{field}` “{key[1][:SHOWN]}”"
    gone = None if identity is None else identity.contact_id or identity.customer_id
    of = "contact" if identity is not None and identity.contact_id else "customer"
    removals = Act.objects.filter(kind=Act.Kind.REMOVAL, detail__gone=gone, detail__of=of)
    act = removals.select_related("by").order_by("-pk").first()
    if act is None:
        return f"{what} is an id of a {of} that was deleted."
    by = f" by {act.by}" if act.by else ""
    return (
        f"{what} is an id of {act.detail['gone_name']}, deleted{by} on {days.business_day(act.at).isoformat()}. "
        "Undo that, or release its ids, and replay this."
    )
