"""Ingestion: messages in, events stored, counted once, in one transaction (docs/decisions/0001-schema.md).

200 means committed. What cannot be stored goes to `Rejected`, whole; a repeat changes nothing; nothing a client
sends can fail its neighbours.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from psycopg import errors

from core import days
from core.db import halving
from customers import moving
from customers.directory import Directory, NeedsWiderLock
from customers.identities import Key
from customers.models import IdentityKind
from customers.objections import Span, spans
from customers.people import Person
from events import event_types, rejected
from events.log import event_rows, objections, storing
from events.log.event_rows import EventRow
from events.models import EventType, Source
from events.wire.messages import Message, Unstorable, read

TRIES = 20  # each may find that one more customer has to be locked; seldom more than two are needed
RETRIED = (errors.DeadlockDetected, errors.SerializationFailure)


@dataclass(frozen=True, slots=True)
class Outcome:
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
    customers: set[int] = field(default_factory=set)
    reasons: tuple[str, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.stored + other.stored,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
            self.customers | other.customers,
            self.reasons + other.reasons,
        )


def record(
    messages: Sequence[object],
    *,
    source: Source,
    now: datetime,
    envelope: Mapping[str, Any] | None = None,
    history: bool = False,
    store_rejected: bool = True,
    received_at: datetime | None = None,
    internal: bool = False,
    exclusive: Collection[int] = (),
) -> Outcome:
    """Store messages of Segment's shape, in any order. At most 30 queries, but for people whose history moves.

    `envelope` is the batch they came in (its sentAt, or the type a path gave). `history` declares an import of
    the past: each event is known on the day it happened; back-fill the customers' history afterwards. A replay
    gives the time of first receipt, which the messages' times are read by; and what cannot be stored is counted
    but, without `store_rejected`, not kept: it is kept already. `internal` messages come from our own
    records and may name a customer by our id (`messages.read`). The caller changes the counts of the contacts in
    `exclusive` in the same transaction, as an objection does: their names are held from the beginning.

    One transaction: all or nothing, and committed when this returns. Idempotent by (source, message id): a repeat
    counts as a duplicate and changes nothing. Never raises for what a message holds.
    """
    good: list[Message] = []
    bad: list[tuple[object, str]] = []
    for raw in messages:
        try:
            received = received_at or now
            good.append(read(raw, envelope=envelope or {}, received_at=received, history=history, internal=internal))
        except Unstorable as error:
            bad.append((_on_its_own(raw, envelope or {}), str(error)))
    # Outside the transaction that stores: a lock on a shared small table would make all batches wait for each other.
    types, unnamed = event_types.register({m.event_name for m in good if m.event_name}, source=source, now=now)
    bad += [(_on_its_own(m.raw, envelope or {}), event_types.TOO_MANY) for m in good if m.event_name in unnamed]
    good = [m for m in good if m.event_name not in unnamed]
    return _store(_Batch(good, bad, types, source, now, history, store_rejected, exclusive))


def _on_its_own(raw: object, envelope: Mapping[str, Any]) -> object:
    """Return the message with the sentAt of its batch: tried again later, its time is to be read as it was."""
    sent_at = envelope.get("sentAt")
    return {**raw, "sentAt": sent_at} if isinstance(raw, Mapping) and sent_at and not raw.get("sentAt") else raw


@dataclass(frozen=True, slots=True)
class _Batch:
    good: Sequence[Message]
    bad: Sequence[tuple[object, str]]
    types: Mapping[str, EventType]
    source: Source
    now: datetime
    history: bool
    store_rejected: bool
    exclusive: Collection[int]


def _store(batch: _Batch) -> Outcome:
    """Store the batch; what the database refuses is narrowed down to the one message, which is rejected."""
    if not batch.good:
        return _store_with_retries(batch)

    def bad_beside(first: Message) -> Sequence[tuple[object, str]]:
        """Return what is rejected already: stored once, with the part that begins the batch."""
        return batch.bad if first is batch.good[0] else ()

    def store(part: Sequence[Message]) -> Outcome:
        return _store_with_retries(replace(batch, good=part, bad=bad_beside(part[0])))

    def reject(message: Message, error: Exception) -> Outcome:
        reason = f"The database refused it: {str(error).splitlines()[0]}"
        return _store_with_retries(replace(batch, good=[], bad=[*bad_beside(message), (message.raw, reason)]))

    outcomes = halving.write(batch.good, store, refusals=DataError, refused=reject)
    return sum(outcomes, start=Outcome())


def _store_with_retries(batch: _Batch) -> Outcome:
    """Store the batch, again from the start when it turns out to move people, or lost a deadlock."""
    exclusive = set(batch.exclusive)
    for _ in range(TRIES):
        try:
            return _store_once(batch, exclusive)
        # The transaction was rolled back, so the locks it held are free while the wider ones are taken in order.
        except NeedsWiderLock as more:
            exclusive |= more.contacts
        except OperationalError as error:
            if not isinstance(error.__cause__, RETRIED):
                raise
    raise OperationalError(f"The people of this batch changed {TRIES} times while it was being stored.")


@transaction.atomic
def _store_once(batch: _Batch, exclusive: set[int]) -> Outcome:
    open_day = days.lock_open_day(batch.now)
    if batch.store_rejected:
        # In the transaction of the good ones: 200 must mean that the whole batch is kept.
        rejected.keep([rejected.Refused(batch.source.pk, *bad) for bad in batch.bad], now=batch.now)
    fresh = _unseen(batch.good, batch.source)
    rows: list[EventRow] = []
    if fresh:
        directory = Directory.open({key for m in fresh for key in _keys(m)}, now=batch.now, exclusive=exclusive)
        people = _identify(fresh, directory)
        known_on = min(days.business_day(m.at) for m in fresh) if batch.history else open_day
        directory.save(known_on)
        objecting = directory.objecting()
        objections.settle(dict.fromkeys(objecting, True), open_day=open_day, now=batch.now)
        objections.note(directory.grown(), open_day)
        rows = list(
            event_rows.build(
                fresh,
                people,
                directory,
                types=batch.types,
                source=batch.source,
                known_on=None if batch.history else open_day,
            )
        )
        moving.note_elsewhere(_elsewhere(rows, people))
        storing.append(rows, _exclusions(people.values(), objecting, history=batch.history))
    return Outcome(
        stored=len(rows),
        duplicates=len(batch.good) - len(fresh),
        rejected=len(batch.bad),
        customers={row.customer_id for row in rows},
        reasons=tuple(reason for _, reason in batch.bad),
    )


def _unseen(messages: Sequence[Message], source: Source) -> list[Message]:
    """Insert the message ids; return the messages that were not stored before, each once."""
    # Sorted, so that two batches with the same ids wait for each other instead of deadlocking.
    first: dict[bytes, Message] = {}
    for message in messages:
        first.setdefault(message.message_hash, message)
    hashes = sorted(first)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_seen (source_id, message_hash, day)"
            " SELECT %s, * FROM unnest(%s::bytea[], %s::date[])"
            " ON CONFLICT DO NOTHING RETURNING message_hash",
            [source.pk, hashes, [days.business_day(first[message_hash].at) for message_hash in hashes]],
        )
        new = {bytes(row[0]) for row in cursor.fetchall()}
    return [message for message_hash, message in first.items() if message_hash in new]


def _keys(message: Message) -> Iterable[Key]:
    if message.user_id:
        yield IdentityKind.USER, message.user_id
    if message.anonymous_id:
        yield IdentityKind.ANONYMOUS, message.anonymous_id
    if message.email:
        yield IdentityKind.EMAIL, message.email
    if message.company:
        yield message.company


def _identify(messages: Sequence[Message], directory: Directory) -> dict[bytes, Person | None]:
    """Apply what the messages say about people, in order of time; return who did each one.

    Links and group calls come before anything is stored, so that events of the same batch find them done.
    """
    in_order = sorted(messages, key=lambda message: message.at)  # at the same instant: as sent
    people: dict[bytes, Person | None] = {}
    for message in in_order:
        names = message.user_id, message.anonymous_id, message.email
        people[message.message_hash] = directory.person(*names) if any(names) else None
    for message in in_order:
        person = people[message.message_hash]
        company = directory.company(message.company) if message.company else None
        if message.kind == "group" and company:
            directory.describe_company(company, message.traits, message.at)
            if person:
                directory.join(directory.settled(person), company, message.at)
        elif message.kind == "identify" and person:
            directory.describe_person(directory.settled(person), message.traits, message.at)
    return {message_hash: directory.settled(person) if person else None for message_hash, person in people.items()}


def _exclusions(
    people: Iterable[Person | None], objecting: Collection[int], *, history: bool
) -> Mapping[int, Sequence[Span]]:
    """Return the days on which what these people did does not count. One query at most, seldom any.

    `objecting` since this batch. Past objections matter to a history only, whose events are known on days that may be
    among them.
    """
    persons = {person.id: person for person in people if person is not None and person.id is not None}
    return spans([pk for pk, person in persons.items() if history or person.stop_scoring or pk in objecting])


def _elsewhere(rows: Sequence[EventRow], people: Mapping[bytes, Person | None]) -> Iterable[tuple[int, int]]:
    for row in rows:
        person = people[row.message_hash]
        if person and person.id is not None and row.customer_id != person.company.id:
            yield person.id, row.customer_id
