"""The transaction that stores the messages of one or many requests."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import DataError, OperationalError, transaction
from psycopg import errors

from core.db import halving
from customers.consent.objections import Span, spans
from customers.people import Busy, NeedsWiderLock, Person, Vanished, moving
from events import event_types, rejected
from events.ingest import opening, removed
from events.ingest.met import Met
from events.ingest.opening import Opened, TypesMissing
from events.ingest.parcels import Parcel
from events.ingest.people import identify
from events.ingest.removed import NamesRemoved
from events.log import event_rows, objections, storing
from events.log.event_rows import EventRow
from events.models import Source
from events.rejected import Refused
from events.wire.messages import Message

__all__ = ["Busy", "Outcome", "store"]

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


@dataclass(frozen=True, slots=True)
class _Batch:
    good: Sequence[Message]
    refused: Sequence[Refused]
    sources: Mapping[int, Source]
    now: datetime
    history: bool
    store_rejected: bool
    exclusive: Collection[int]
    patience: float | None
    skip_busy: bool
    met: Met


def store(
    parcels: Sequence[Parcel],
    *,
    now: datetime,
    history: bool = False,
    store_rejected: bool = True,
    exclusive: Collection[int] = (),
    patience: float | None = None,
    skip_busy: bool = False,
    met: Met | None = None,
) -> Outcome:
    """Store what requests brought, together: all or nothing. The other arguments are those of `ingest.record`.

    A message that the database refuses is rejected, and the others are stored. Locks are waited for at most `patience`
    seconds. `met` is whom the process knows to exist. With `skip_busy`, raises Busy when others are changing some of
    the people, or hold up everything. Raises OperationalError when the database cannot store anything, or not in time.
    """
    batch = _Batch(
        [message for parcel in parcels for message in parcel.messages],
        [refused for parcel in parcels for refused in parcel.refused],
        {parcel.source.pk: parcel.source for parcel in parcels},
        now,
        history,
        store_rejected,
        exclusive,
        patience,
        skip_busy,
        met or Met(),
    )
    return _narrowed(batch)


def _narrowed(batch: _Batch) -> Outcome:
    """Store the batch; what the database refuses is narrowed down to the one message, which is rejected."""
    if not batch.good:
        return _store_with_retries(batch)

    def refused_beside(first: Message) -> Sequence[Refused]:
        """Return what is refused already: kept once, with the part that begins the batch."""
        return batch.refused if first is batch.good[0] else ()

    def store(part: Sequence[Message]) -> Outcome:
        return _store_with_retries(replace(batch, good=part, refused=refused_beside(part[0])))

    def reject(message: Message, error: Exception) -> Outcome:
        reason = f"The database refused it: {str(error).splitlines()[0]}"
        refused = Refused(message.source_id, message.on_its_own, reason)
        return _store_with_retries(replace(batch, good=[], refused=[*refused_beside(message), refused]))

    outcomes = halving.write(batch.good, store, refusals=DataError, refused=reject)
    return sum(outcomes, start=Outcome())


def _store_with_retries(batch: _Batch) -> Outcome:
    """Store the batch, again from the start when it moves people, names new event types, or lost a deadlock."""
    exclusive = set(batch.exclusive)
    for _ in range(TRIES):
        try:
            return _store_once(batch, exclusive)
        # The transaction was rolled back, so the locks it held are free while the wider ones are taken in order.
        except NeedsWiderLock as more:
            exclusive |= more.contacts
        except Vanished:
            batch.met.forget()
        except NamesRemoved as found:
            good, refused = removed.without(batch.good, found.keys)
            batch = replace(batch, good=good, refused=[*batch.refused, *refused])
        except TypesMissing as missing:
            batch = _with_types(batch, missing.names)
        except OperationalError as error:
            if batch.skip_busy and isinstance(error.__cause__, errors.LockNotAvailable):
                raise Busy(set()) from None
            if not isinstance(error.__cause__, RETRIED):
                raise
    raise OperationalError(f"The people of this batch changed {TRIES} times while it was being stored.")


def _with_types(batch: _Batch, names: set[str]) -> _Batch:
    """Register event types; messages of a source that has no room for more are refused."""
    good, refused = list(batch.good), list(batch.refused)
    for pk, source in batch.sources.items():
        channels: dict[str, str] = {}  # by the first message of each name
        for m in good:
            if m.event_name and m.event_name in names and m.source_id == pk:
                channels.setdefault(m.event_name, event_types.channel_named(m.properties))
        unnamed = event_types.register(channels.keys(), source=source, now=batch.now, channels=channels)
        too_many = [m for m in good if m.event_name in unnamed and m.source_id == pk]
        refused += [Refused(pk, message.on_its_own, event_types.TOO_MANY) for message in too_many]
        good = [m for m in good if not (m.event_name in unnamed and m.source_id == pk)]
    return replace(batch, good=good, refused=refused)


@transaction.atomic
def _store_once(batch: _Batch, exclusive: set[int]) -> Outcome:
    if batch.store_rejected:
        # In the transaction of the good ones: 200 must mean that the whole batch is kept. Before any identity is
        # locked, which is the order of a replay.
        rejected.keep(batch.refused, now=batch.now)
    outcome = _store_good(batch, exclusive) if batch.good else Outcome()
    return outcome + Outcome(rejected=len(batch.refused), reasons=tuple(refused.reason for refused in batch.refused))


def _store_good(batch: _Batch, exclusive: set[int]) -> Outcome:
    opened = opening.begin(
        batch.good,
        now=batch.now,
        exclusive=exclusive,
        patience=batch.patience,
        skip_busy=batch.skip_busy,
        met=batch.met,
    )
    if opened.directory.removed:
        raise NamesRemoved(opened.directory.removed)
    rows = _stored(batch, opened) if opened.fresh else []
    return Outcome(len(rows), len(batch.good) - len(opened.fresh), customers={row.customer_id for row in rows})


def _stored(batch: _Batch, opened: Opened) -> Sequence[EventRow]:
    """Write what the messages say about people, and the events."""
    directory, open_day = opened.directory, opened.open_day
    names = identify(opened.fresh, directory, batch.sources)
    directory.save(min(message.day for message in opened.fresh) if batch.history else open_day)
    objecting = directory.objecting()
    objections.settle(dict.fromkeys(objecting, True), open_day=open_day, now=batch.now)
    objections.note(directory.grown(), open_day)
    known_on = None if batch.history else open_day
    rows = event_rows.build(opened.fresh, names, directory, types=opened.types, known_on=known_on)
    met = [directory.people[name].whole for name in names.values() if name]
    people = {person.id: person for person in met if person.id is not None}
    moving.note_elsewhere(_elsewhere(rows, people))
    storing.append(rows, _exclusions(people, objecting, history=batch.history))
    return rows


def _exclusions(
    people: Mapping[int, Person], objecting: Collection[int], *, history: bool
) -> Mapping[int, Sequence[Span]]:
    """Return the days on which what these people did does not count. One query at most, seldom any.

    `objecting` since this batch. Past objections matter to a history only, whose events are known on days that may be
    among them.
    """
    return spans([pk for pk, person in people.items() if history or person.stop_scoring or pk in objecting])


def _elsewhere(rows: Sequence[EventRow], people: Mapping[int, Person]) -> Iterable[tuple[int, int]]:
    """Yield the contacts with the customers, other than their present one, at which they now have events."""
    for row in rows:
        if row.contact_id is not None and row.customer_id != people[row.contact_id].company.id:
            yield row.contact_id, row.customer_id
