"""The first half of the storing transaction: the open day, what is new, under which types, and who is meant.

Two round trips, whatever the number of messages; one more guards people who are new from being made twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import days
from core.db import bulk, direct, locks
from customers import identities
from customers.directory import Directory
from customers.identities import Key
from customers.models import IdentityKind
from events import event_types
from events.event_types import Known
from events.ingest.met import Met
from events.ingest.people import Name
from events.wire.messages import Message

_SEEN = """
    INSERT INTO events_seen (source_id, message_hash, day)
    SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::date[])
    ON CONFLICT DO NOTHING RETURNING source_id, message_hash
"""


class TypesMissing(Exception):
    """Some event types do not exist yet; register them, outside of the transaction, and begin again."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(f"Register {sorted(names)} first.")
        self.names = names


@dataclass(slots=True)
class Opened:
    open_day: date
    fresh: Sequence[Message]
    types: Mapping[str, Known]
    directory: Directory


def begin(
    messages: Sequence[Message],
    *,
    now: datetime,
    exclusive: Collection[int] = (),
    patience: float | None = None,
    skip_busy: bool = False,
    met: Met,
) -> Opened:
    """Open the transaction; all names of the contacts in `exclusive` are held alone.

    Locks are waited for at most `patience` seconds. Whom the process has `met` is not looked for before. Raises
    TypesMissing, NeedsWiderLock and Vanished (customers.people), and with `skip_busy`, Busy for people who are being
    changed: the caller rolls back.
    """
    first, keys, names = _first(messages), _all_keys(messages), _names(messages)
    day, strangers = days.business_day(now), met.strangers(keys)
    with direct.pipeline():
        if patience is not None:
            locks.give_up_after(patience)
        closed = days.ask_open(day)
        seen = _ask_unseen(first)
        kinds = event_types.ask(names)
        asked = identities.ask_missing(strangers) if strangers else None
    types = event_types.known(kinds)
    if unknown := names - types.keys():
        raise TypesMissing(unknown)
    fresh = _fresh(first, seen)
    directory, missing = Directory(now=now, exclusive=set(exclusive)), asked.fetchall() if asked else ()
    directory.open(_all_keys(fresh) if len(fresh) < len(first) else keys, missing, skip_busy=skip_busy)
    met.note(directory.identity_ids.keys())
    return Opened(days.opened(closed, day, now), fresh, types, directory)


def keys_of(message: Message) -> Iterable[Key]:
    """Yield the identities a message names."""
    if message.user_id:
        yield IdentityKind.USER.value, message.user_id
    if message.anonymous_id:
        yield IdentityKind.ANONYMOUS.value, message.anonymous_id
    if message.email:
        yield IdentityKind.EMAIL.value, message.email
    if message.previous_id:
        yield IdentityKind.USER.value, message.previous_id
        yield IdentityKind.ANONYMOUS.value, message.previous_id
    if message.company:
        yield message.company


def _first(messages: Sequence[Message]) -> dict[Name, Message]:
    """Return the messages by name, each once: of repeats among them the first."""
    first: dict[Name, Message] = {}
    for message in messages:
        first.setdefault((message.source_id, message.message_hash), message)
    return first


def _ask_unseen(first: Mapping[Name, Message]) -> direct.Answer:
    # Sorted, so that two batches with the same ids wait for each other instead of deadlocking.
    names = sorted(first)
    rows = [(source, message_hash, first[source, message_hash].day) for source, message_hash in names]
    return direct.execute(_SEEN, [bulk.array(column) for column in zip(*rows, strict=True)])


def _fresh(first: Mapping[Name, Message], seen: direct.Answer) -> Sequence[Message]:
    if seen.rowcount == len(first):
        return [*first.values()]
    new = {(source, bytes(message_hash)) for source, message_hash in seen.fetchall()}
    return [message for name, message in first.items() if name in new]


def _all_keys(messages: Sequence[Message]) -> set[Key]:
    return {key for message in messages for key in keys_of(message)}


def _names(messages: Sequence[Message]) -> set[str]:
    return {message.event_name for message in messages if message.event_name}
