"""Rows of the event log, made of messages and the people they are about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings

from core.money import Rates
from customers.directory import Directory
from customers.identities import Key
from customers.models import IdentityKind
from events.event_types import Known
from events.models import Flag
from events.wire.amounts import thousandths
from events.wire.messages import Message

_ANONYMOUS = IdentityKind.ANONYMOUS.value
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
    device_id: int | None
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
    names: Mapping[tuple[int, bytes], Key | None],
    directory: Directory,
    *,
    types: Mapping[str, Known],
    known_on: date | None,
) -> list[EventRow]:
    """Return a row for each message that is an event; identify, group and alias messages have none.

    `names` by source and message hash: under which identity each came. `known_on` is the open day, or None in a
    history: each event is known on its own day. One query for rates when any amount has a currency, one for people who
    belonged elsewhere when it happened.
    """
    rates = Rates(())
    events = [message for message in messages if message.event_name]
    under = [names[message.source_id, message.message_hash] for message in events]
    return [
        _row(message, name, customer, directory, types, rates, known_on)
        for message, name, customer in zip(events, under, _customers(events, under, directory), strict=True)
    ]


def _customers(events: Sequence[Message], under: Sequence[Key | None], directory: Directory) -> Iterable[int]:
    """Return the customers: the one an event names, else the one its person belonged to when it happened."""
    # A company named by the event decides for this event; it moves nobody (decision 5).
    asked = [(name, message.at) for message, name in zip(events, under, strict=True) if name and not message.company]
    found = iter(directory.customers_at(asked))
    for message in events:
        customer = directory.companies[message.company].whole.id if message.company else next(found)
        assert customer is not None
        yield customer


def _row(
    message: Message,
    name: Key | None,
    customer: int,
    directory: Directory,
    types: Mapping[str, Known],
    rates: Rates,
    known_on: date | None,
) -> EventRow:
    assert message.event_name is not None
    event_type = types[message.event_name]
    value, flags = value_of(message.amount, message.day, rates)
    time = message.time
    return EventRow(
        customer,
        message.at,
        message.day,
        event_type.id,
        directory.people[name].whole.id if name else None,
        directory.identity_ids[name] if name else None,
        directory.identity_ids[_ANONYMOUS, message.anonymous_id] if message.anonymous_id else None,
        directory.identity_ids[message.company] if message.company else None,
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
