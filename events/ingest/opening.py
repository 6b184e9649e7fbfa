"""The first half of the storing transaction: the open day, what is new, who is meant, under which types.

Nearly always all of it is known, and one round trip asks for everything. What is not known makes the transaction
begin again, more carefully: with the locks that making people, or moving them, needs to be taken first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from core import days
from core.db import direct, locks
from customers import identities
from customers.directory import Directory
from customers.identities import Key
from customers.models import IdentityKind
from events import event_types
from events.event_types import Known
from events.ingest.people import Name
from events.wire.messages import Message

_SEEN = """
    INSERT INTO events_seen (source_id, message_hash, day)
    SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::date[])
    ON CONFLICT DO NOTHING RETURNING source_id, message_hash
"""


class StrangersNamed(Exception):
    """Some identities do not exist yet: begin again, and keep others from making them first."""


class TypesMissing(Exception):
    """Some event types do not exist yet; register them, outside of the transaction, and begin again."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(f"Register {sorted(names)} first.")
        self.names = names


class Busy(Exception):
    """Others are changing some of these people; the identities say whom to wait for."""

    def __init__(self, keys: set[Key]) -> None:
        super().__init__(f"{len(keys)} identities are being changed.")
        self.keys = keys


@dataclass(slots=True)
class Opened:
    open_day: date
    fresh: Sequence[Message]
    types: Mapping[str, Known]
    directory: Directory


def at_once(messages: Sequence[Message], *, now: datetime, patience: float | None, skip_busy: bool) -> Opened:
    """Open the transaction for people and types that are known. One round trip.

    Raises StrangersNamed or TypesMissing for others, and with `skip_busy`, Busy for people who are being changed: the
    caller rolls back. Locks are waited for at most `patience` seconds.
    """
    first, keys, names = _first(messages), _all_keys(messages), _names(messages)
    day = days.business_day(now)
    with direct.pipeline():
        locks.limit(patience)
        closed = days.ask_open(day)
        seen = _ask_unseen(first)
        locked = identities.ask_lock(keys, wait=not skip_busy)
        found = identities.ask(keys)
        kinds = event_types.ask(names)
    rows, fresh = identities.rows(found), _fresh(first, seen)
    if len(rows) < len(keys):
        raise StrangersNamed
    if locked.rowcount < len(rows):
        held = {pk for (pk,) in locked.fetchall()}
        raise Busy({row.key for row in rows if row.pk not in held})
    directory = Directory(now=now, exclusive=set())
    directory.read(rows)
    return Opened(days.opened(closed, day, now), fresh, _types(kinds, names), directory)


def carefully(
    messages: Sequence[Message], *, now: datetime, exclusive: Collection[int], patience: float | None
) -> Opened:
    """Open the transaction for messages of people who are new, or who move. Ten queries. Raises as `at_once`."""
    first = _first(messages)
    locks.limit(patience)
    open_day = days.lock_open_day(now)
    fresh = _fresh(first, _ask_unseen(first))
    names = _names(fresh)
    types = _types(event_types.ask(names), names)
    return Opened(open_day, fresh, types, Directory.open(_all_keys(fresh), now=now, exclusive=exclusive))


def keys_of(message: Message) -> Iterable[Key]:
    """Yield the identities a message names."""
    if message.user_id:
        yield IdentityKind.USER.value, message.user_id
    if message.anonymous_id:
        yield IdentityKind.ANONYMOUS.value, message.anonymous_id
    if message.email:
        yield IdentityKind.EMAIL.value, message.email
    if message.company:
        yield message.company


def _first(messages: Sequence[Message]) -> dict[Name, Message]:
    """Return the messages by name, each once: of repeats among them the first."""
    first: dict[Name, Message] = {}
    for message in messages:
        first.setdefault((message.source_id, message.message_hash), message)
    return first


def _ask_unseen(first: Mapping[Name, Message]) -> psycopg.Cursor[Any]:
    # Sorted, so that two batches with the same ids wait for each other instead of deadlocking.
    named = sorted(first)
    sources, hashes = [source for source, _ in named], [message_hash for _, message_hash in named]
    return direct.execute(_SEEN, [sources, hashes, [first[name].day for name in named]])


def _fresh(first: Mapping[Name, Message], seen: psycopg.Cursor[Any]) -> Sequence[Message]:
    if seen.rowcount == len(first):
        return [*first.values()]
    new = {(source, bytes(message_hash)) for source, message_hash in seen.fetchall()}
    return [message for name, message in first.items() if name in new]


def _all_keys(messages: Sequence[Message]) -> set[Key]:
    return {key for message in messages for key in keys_of(message)}


def _names(messages: Sequence[Message]) -> set[str]:
    return {message.event_name for message in messages if message.event_name}


def _types(answer: psycopg.Cursor[Any], names: set[str]) -> Mapping[str, Known]:
    types = event_types.known(answer)
    if missing := names - types.keys():
        raise TypesMissing(missing)
    return types
