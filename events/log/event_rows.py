"""Rows of the event log, made of messages and the people they are about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings

from core.money import Rates
from customers.directory import Directory
from customers.models import IdentityKind
from customers.people import Company, Person
from events.event_types import Known
from events.models import Flag
from events.wire.messages import Message, thousandths

_USER, _ANONYMOUS, _EMAIL = IdentityKind.USER.value, IdentityKind.ANONYMOUS.value, IdentityKind.EMAIL.value
_RECORD = int(Flag.RECORD)
_NOTHING: tuple[None, Flag] = (None, Flag(0))


class EventRow(NamedTuple):
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
    people: Mapping[tuple[int, bytes], Person | None],
    directory: Directory,
    *,
    types: Mapping[str, Known],
    known_on: date | None,
) -> list[EventRow]:
    """Return a row for each message that is an event; identify and group messages have none.

    `people` by source and message hash. `known_on` is the open day, or None in a history: each event is known on its
    own day. One query for rates when any amount has a currency.
    """
    rates = Rates(())
    return [
        _row(message, people[message.source_id, message.message_hash], directory, types, rates, known_on)
        for message in messages
        if message.event_name
    ]


def _row(
    message: Message,
    person: Person | None,
    directory: Directory,
    types: Mapping[str, Known],
    rates: Rates,
    known_on: date | None,
) -> EventRow:
    # A company named by the event decides for this event; it moves nobody (decision 5).
    company = directory.companies[message.company] if message.company else person.company if person else None
    assert company is not None and company.id is not None and message.event_name is not None
    event_type = types[message.event_name]
    value, flags = value_of(message.amount, message.day, rates)
    time = message.time
    return EventRow(
        company.id,
        message.at,
        message.day,
        event_type.id,
        person.id if person else None,
        _person_identity(message, directory),
        _company_identity(message, company, directory),
        message.source_id,
        message.message_hash,
        # Copied: active days can be rebuilt from the log alone, and a changed flag moves no past day (decision 1).
        event_type.is_activity,
        known_on or message.day,
        time.received_at,
        time.original_at,
        time.sent_at,
        value,
        # Numbers: flags themselves are slow to join.
        int(time.flags) | int(flags) | (_RECORD if message.is_of_record else 0),
        message.properties,
        message.context,
    )


def _person_identity(message: Message, directory: Directory) -> int | None:
    if message.user_id:
        return directory.identity_ids[_USER, message.user_id]
    if message.anonymous_id:
        return directory.identity_ids[_ANONYMOUS, message.anonymous_id]
    return directory.identity_ids.get((_EMAIL, message.email)) if message.email else None


def _company_identity(message: Message, company: Company, directory: Directory) -> int | None:
    if message.company:
        return directory.identity_ids[message.company]
    return None if company.provisional else company.identity


def value_of(amount: tuple[Decimal, str | None] | None, day: date, rates: Rates) -> tuple[int | None, Flag]:
    """Return the value in thousandths of the base currency; without a currency, of whatever it counts.

    One query for the rates of a currency that was not read yet.
    """
    if amount is None:
        return _NOTHING
    number, currency = amount
    if currency is None or currency == settings.BASE_CURRENCY:
        return thousandths(number)
    rates.learn({currency})
    converted = rates.in_base(number, currency, day)
    return (None, Flag.NO_RATE) if converted is None else thousandths(converted)
