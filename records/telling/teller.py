"""Telling: what records say is compared with what they have told; what differs is withdrawn and told again.

An event that holds is left alone, so writing a record again costs nothing. Everything here stands in the caller's
transaction, which holds the open day and the records' rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from core import days
from customers import identities
from customers.models import Act, IdentityKind
from events import ingest, own
from events.log import acts
from events.log.telling import Told
from events.models import Source
from events.wire.messages import message_hash
from records.models import Record
from records.telling import told
from records.telling.happening import Happening, next_day
from records.telling.kind import Kind
from staff.models import User


@dataclass(frozen=True, slots=True)
class Telling:
    """When, by whom and from where something is told; `act`: what withdraws, and what its detail says besides."""

    now: datetime
    open_day: date
    source: Source
    history: bool = False
    by: User | None = None
    act: str = Act.Kind.RECORD
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return days.business_day(self.now)


@dataclass(frozen=True, slots=True)
class _Change:
    """One part of a record that is no longer what was told, that is to be told, or both."""

    record: Record
    part: str
    happening: Happening | None

    @property
    def entry(self) -> dict[str, Any]:
        return told.kept(self.record).get(self.part) or {}

    @property
    def is_withdrawn(self) -> bool:
        return told.holds(self.entry)


def tell(kind: Kind, records: Sequence[Record], telling: Telling) -> int:
    """Tell what these records say by today; return how many of their events differed.

    At most three queries where nothing differs; a number that does not depend on the number of records where it does.
    """
    before = [(None if record.told is None else dict(record.told), record.next_on) for record in records]
    told.adopt(kind, records, telling.today)
    changes = [change for record in records for change in _changes(kind, record, telling.today)]
    _withdraw([change for change in changes if change.is_withdrawn], telling)
    _tell([change for change in changes if change.happening is not None], telling)
    for record in records:
        record.next_on = next_day(kind.moments_of(record), telling.today)
    differing = [r for r, was in zip(records, before, strict=True) if was != (r.told, r.next_on)]
    told.save(kind.model, differing)
    return len(changes)


def withdraw_all(kind: Kind, record: Record, telling: Telling) -> None:
    """Withdraw all that a record has told, under an act that stands even if that is nothing."""
    told.adopt(kind, [record], telling.today)
    changes = [_Change(record, part, None) for part, entry in told.kept(record).items() if told.holds(entry)]
    if not _withdraw(changes, telling):
        _acts([(record, [])], telling)


def withdraw_under(act: int, kind: Kind, records: Sequence[Record], telling: Telling) -> None:
    """Withdraw all that records have told, under an act that is more than theirs."""
    told.adopt(kind, records, telling.today)
    changes = [
        _Change(record, part, None)
        for record in records
        for part, entry in told.kept(record).items()
        if told.holds(entry)
    ]
    moments = [told.event_of(change.record, change.entry).at for change in changes]
    if number := _withdraw(changes, telling, act):
        acts.extend(acts.held(act), Told(number, min(moments), max(moments)))
    told.save(kind.model, records)


def _changes(kind: Kind, record: Record, today: date) -> Iterator[_Change]:
    happened = {happening.part: happening for happening in kind.events_of(record, today)}
    for part in kind.parts:
        entry, happening = told.kept(record).get(part), happened.get(part)
        stands = entry["digest"] if entry and told.holds(entry) else None
        if stands != (happening.digest if happening else None):
            yield _Change(record, part, happening)


def _withdraw(changes: Sequence[_Change], telling: Telling, act: int | None = None) -> int:
    """Withdraw what these tell, each record's under an act of its own unless one is given; return how many events."""
    if not changes:
        return 0
    events = {told.event_of(change.record, change.entry): change for change in changes}
    live = own.live(list(events))
    contacts = {c for c in live.values() if c} | {c.happening.contact for c in changes if c.happening}
    # Ingestion takes identities before counts; a withdrawal between would turn that round.
    homes = {(str(IdentityKind.RAPPORT), str(event.customer)) for event in events}
    identities.lock(homes, {contact for contact in contacts if contact is not None})
    if live:
        by_act = dict.fromkeys(live, act) if act is not None else _acts_by_event(live, events, telling)
        own.withdraw(by_act, open_day=telling.open_day)
    for change in changes:
        told.kept(change.record)[change.part] = {"n": change.entry["n"]}
    return len(live)


def _acts_by_event(
    live: Iterable[own.Told], events: Mapping[own.Told, _Change], telling: Telling
) -> dict[own.Told, int]:
    of_records: dict[int, tuple[Record, list[own.Told]]] = {}
    for event in sorted(live, key=lambda event: (event.customer, event.at)):
        record = events[event].record
        of_records.setdefault(id(record), (record, []))[1].append(event)
    acts = _acts(list(of_records.values()), telling)
    return {event: act.pk for act, (_, told_ones) in zip(acts, of_records.values(), strict=True) for event in told_ones}


def _acts(withdrawn: Sequence[tuple[Record, Sequence[own.Told]]], telling: Telling) -> list[Act]:
    """Note what is withdrawn, for each record. One query, none without records."""
    return Act.objects.bulk_create(
        Act(
            kind=telling.act,
            customer_id=record.customer_id,
            at=telling.now,
            by=telling.by,
            detail={**_detail(record, [days.business_day(event.at) for event in events]), **telling.detail},
        )
        for record, events in withdrawn
    )


def _detail(record: Record, happened_on: Sequence[date]) -> dict[str, Any]:
    span = {"first": min(happened_on).isoformat(), "last": max(happened_on).isoformat()} if happened_on else {}
    which = {"model": record._meta.model_name, "record": str(record.id), "name": record.short_name}
    return {**which, "events": len(happened_on), **span}


def _tell(changes: Sequence[_Change], telling: Telling) -> None:
    """Store the events of what has happened. Five queries besides ingestion's at most, none without changes."""
    if not changes:
        return
    numbers = _numbers(changes)
    happenings = [change.happening for change in changes if change.happening is not None]
    contacts, authors = {h.contact for h in happenings if h.contact}, {h.author for h in happenings if h.author}
    people = own.person_names(contacts) if contacts else {}
    names = dict(User.objects.filter(pk__in=authors).values_list("pk", "name")) if authors else {}
    anew: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for change, number, happening in zip(changes, numbers, happenings, strict=True):
        at = min(happening.moment, telling.now).astimezone(UTC)
        message = own.track(
            happening.name,
            message_id=told.message_id(change.record, change.part, number),
            customer=change.record.customer_id,
            at=at,
            properties={**happening.properties, "author": names.get(happening.author or 0)},
            person=people.get(happening.contact),
            is_of_record=True,
        )
        (anew if number == 1 else again).append(message)
        told.kept(change.record)[change.part] = {
            "n": number, "id": message["messageId"], "at": at.isoformat(), "digest": happening.digest,
        }  # fmt: skip
    ingest.record(anew, source=telling.source, now=telling.now, history=telling.history, internal=True)
    # What was told before is known otherwise from today on, whatever was declared: closed days stay as they are.
    ingest.record(again, source=telling.source, now=telling.now, internal=True)


def _numbers(changes: Sequence[_Change]) -> list[int]:
    """Return for the nth time of what each part is told: once more than before, and by an id that nobody has used.

    A record that was deleted and comes again knows nothing of its former life. One query, and one for each life.
    """
    numbers = [change.entry.get("n", 0) + 1 for change in changes]
    while True:
        ids = [told.message_id(c.record, c.part, n) for c, n in zip(changes, numbers, strict=True)]
        hashes = list(map(message_hash, ids))
        seen = own.seen(hashes)
        if not seen:
            return numbers
        numbers = [number + (hashed in seen) for number, hashed in zip(numbers, hashes, strict=True)]
