"""Rows of the event log, made of messages and the people they are about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from core import days
from core.money import Rates
from customers.directory import Directory
from customers.models import IdentityKind
from customers.people import Company, Person
from events.models import EventType, Flag, Source
from events.wire.messages import Message, thousandths


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it is stored; the fields are the table's columns."""

    customer_id: int
    occurred_at: datetime
    day: date
    event_type_id: int
    contact_id: int | None
    person_id: int | None
    company_id: int | None
    source_id: int
    message_hash: bytes
    is_activity: bool
    known_on: date
    received_at: datetime
    original_at: datetime | None
    sent_at: datetime | None
    value: int | None
    flags: int
    properties: dict[str, Any]
    context: dict[str, Any]


def build(
    messages: Sequence[Message],
    people: Mapping[bytes, Person | None],
    directory: Directory,
    *,
    types: Mapping[str, EventType],
    source: Source,
    known_on: date | None,
) -> Iterator[EventRow]:
    """Yield a row for each message that is an event; identify and group messages have none.

    `people` by message hash. `known_on` is the open day, or None in a history: each event is known on its own day.
    One query for rates when any amount has a currency.
    """
    events = [message for message in messages if message.event_name]
    amounts = {message.message_hash: message.amount for message in events}
    rates = Rates({amount[1] for amount in amounts.values() if amount and amount[1]})
    for message in events:
        event_type = types[message.event_name or ""]
        amount = value_of(amounts[message.message_hash], days.business_day(message.at), rates)
        person = people[message.message_hash]
        yield _row(message, person, directory, event_type, amount, source=source, known_on=known_on)


def _row(
    message: Message,
    person: Person | None,
    directory: Directory,
    event_type: EventType,
    amount: tuple[int | None, Flag],
    *,
    source: Source,
    known_on: date | None,
) -> EventRow:
    # A company named by the event decides for this event; it moves nobody (decision 5).
    company = directory.company(message.company) if message.company else person.company if person else None
    assert company is not None and company.id is not None
    value, flags = amount
    day = days.business_day(message.at)
    return EventRow(
        customer_id=company.id,
        occurred_at=message.at,
        day=day,
        event_type_id=event_type.pk,
        contact_id=person.id if person else None,
        person_id=_person_identity(message, directory),
        company_id=_company_identity(message, company, directory),
        source_id=source.pk,
        message_hash=message.message_hash,
        # Copied: active days can be rebuilt from the log alone, and a changed flag moves no past day (decision 1).
        is_activity=event_type.is_activity,
        known_on=known_on or day,
        received_at=message.time.received_at,
        original_at=message.time.original_at,
        sent_at=message.time.sent_at,
        value=value,
        flags=int(message.time.flags | flags | (Flag.RECORD if message.is_of_record else Flag(0))),
        properties=message.properties,
        context=message.context,
    )


def _person_identity(message: Message, directory: Directory) -> int | None:
    if message.user_id:
        return directory.identity_ids[IdentityKind.USER, message.user_id]
    if message.anonymous_id:
        return directory.identity_ids[IdentityKind.ANONYMOUS, message.anonymous_id]
    return directory.identity_ids.get((IdentityKind.EMAIL, message.email)) if message.email else None


def _company_identity(message: Message, company: Company, directory: Directory) -> int | None:
    if message.company:
        return directory.identity_ids[message.company]
    return None if company.provisional else company.identity


def value_of(amount: tuple[Decimal, str | None] | None, day: date, rates: Rates) -> tuple[int | None, Flag]:
    """Return the value in thousandths of the base currency; without a currency, of whatever it counts."""
    if amount is None:
        return None, Flag(0)
    number, currency = amount
    converted = rates.in_base(number, currency or settings.BASE_CURRENCY, day)
    return (None, Flag.NO_RATE) if converted is None else thousandths(converted)
