"""One message of an SDK, read and checked: what it says, when it happened, and whether it can be stored.

Pure: no database, no clock. `read` either returns a `Message` or raises `Unstorable` with the reason that the
rejected-events page shows.
"""

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core import days
from core.db import jsonb
from customers.identities import Key
from customers.models import IdentityKind
from events.models import EventType, Flag
from events.wire import times
from events.wire.no_json import no_json_reason

KINDS = ("track", "page", "screen", "identify", "group")
_DESCRIBING = ("identify", "group")
MAX_ID = 200
MAX_NAME = 200
VALUE_LIMIT = 10**12  # thousandths: 10⁹ units
_AS_IT_IS = Flag(0)
_ADDRESS = re.compile(r"[^@\s\0]+@[^@\s\0]+")


class Unstorable(Exception):
    """This message cannot be stored; the reason says what to change."""


@dataclass(slots=True)  # not frozen: writing a frozen one takes three times as long
class Message:
    """What a message says. `event_name` is None for identify and group calls, which are no events."""

    source_id: int
    kind: str
    message_hash: bytes
    user_id: str | None
    anonymous_id: str | None
    email: str | None  # of somebody who may have no other name: an identify call's trait, or a record of ours
    company: Key | None
    event_name: str | None
    traits: dict[str, Any]
    properties: dict[str, Any]
    context: dict[str, Any]
    time: times.Time
    at: datetime
    day: date  # the business day it happened on
    raw: Mapping[str, Any]
    is_of_record: bool = False

    @property
    def amount(self) -> tuple[Decimal, str | None] | None:
        return amount_of(self.properties)

    @property
    def on_its_own(self) -> Mapping[str, Any]:
        """The message with the sentAt of its batch: tried again later, its time is to be read as it was."""
        sent_at = self.time.sent_at
        return {**self.raw, "sentAt": sent_at.isoformat()} if sent_at and not self.raw.get("sentAt") else self.raw


def read(
    raw: object,
    *,
    envelope: Mapping[str, Any],
    received_at: datetime,
    source_id: int = 0,
    history: bool = False,
    internal: bool = False,
) -> Message:
    """Check a message. `envelope` is the batch it came in; `history` allows events older than ten years.

    A message of our own (`internal`: a record, an import) may name its customer by `customer`, our own id, and its
    person by `email` alone; what a record tells (`record`) may be of any age. Raises Unstorable.
    """
    raw, message, kind = _checked(raw, envelope)
    context = _object(message, "context")
    is_of_record = internal and raw.get("record") is True
    # As sent: the clean copy's numbers are clamped to ±2⁵³, which would make one person of all with longer ids.
    time = _time(raw, envelope, context, received_at=received_at, history=history or is_of_record)
    user_id, anonymous_id, message_id = _id(raw, "userId"), _id(raw, "anonymousId"), _id(raw, "messageId")
    company = _company(kind, raw, internal=internal)
    traits = _traits(kind, message, context) if kind in _DESCRIBING else {}
    email = _email(kind, raw if internal else {}, traits) if internal or traits else None
    _need_somebody(kind, user_id or anonymous_id or (email if internal else None), company)
    # Without an id a message is new each time: nothing else tells a repeat from a second event.
    name = message_hash(message_id or str(uuid.uuid4()))
    at = time.occurred_at
    return Message(
        source_id, kind, name, user_id, anonymous_id, email, company, _event_name(kind, message), traits,
        _properties(kind, message), context, time, at, days.business_day(at), raw, is_of_record,
    )  # fmt: skip


def _checked(raw: object, envelope: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return the message as it was sent, its copy that jsonb can hold, and its type. Raises Unstorable."""
    if isinstance(raw, bytes):
        raise Unstorable(no_json_reason(raw))
    if not isinstance(raw, dict):
        raise Unstorable("A message must be a JSON object.")
    try:
        message = jsonb.tree(raw)
    except jsonb.Unclean as error:
        raise Unstorable(str(error)) from None
    kind = message.get("type") or envelope.get("type")
    if kind == "alias":
        raise Unstorable("Alias calls are not supported yet. It is kept, to be tried again when they are.")
    if kind not in KINDS:
        raise Unstorable(f"Unknown type {str(kind)[:40]!r}. Known types: {', '.join(KINDS)}.")
    return raw, message, kind


def message_hash(message_id: str) -> bytes:
    """Return what `Seen` keeps: long ids would not fit an index entry."""
    return hashlib.sha256(message_id.encode()).digest()[:16]


def thousandths(amount: Decimal) -> tuple[int, Flag]:
    """Return the value in thousandths, rounded half up, clamped to ±10⁹ units, and the flag that says so."""
    scaled = int((amount * 1000).to_integral_value("ROUND_HALF_UP"))
    if abs(scaled) > VALUE_LIMIT:
        return (VALUE_LIMIT if scaled > 0 else -VALUE_LIMIT), Flag.VALUE_CLAMPED
    return scaled, _AS_IT_IS


def amount_of(properties: Mapping[str, Any]) -> tuple[Decimal, str | None] | None:
    """Return the value and its currency as sent; None when the event carries no number."""
    for name in ("value", "revenue", "total"):
        number = jsonb.number(properties.get(name))
        if number is not None:
            currency = properties.get("currency")
            return number, None if currency in (None, "") else str(currency).upper()
    return None


def _time(message: dict[str, Any], envelope: Mapping[str, Any], context: dict[str, Any], **how: Any) -> times.Time:
    try:
        return times.effective(message, envelope, context, **how)
    except times.BadTime as error:
        raise Unstorable(str(error)) from None


def _company(kind: str, raw: Mapping[str, Any], *, internal: bool) -> Key | None:
    """Return the identity of the customer the message names, if it names one."""
    if internal and "customer" in raw:
        return IdentityKind.RAPPORT, str(raw["customer"])
    group_id = _id(raw, "groupId") if kind == "group" else _id(_object(raw, "context"), "groupId")
    return (IdentityKind.COMPANY, group_id) if group_id else None


def _email(kind: str, raw: Mapping[str, Any], traits: Mapping[str, Any]) -> str | None:
    """Return the address by which a person without a user id can be found again."""
    value = raw.get("email") or (traits.get("email") if kind == "identify" else None)
    address = value.strip().lower() if isinstance(value, str) else ""
    return address if _ADDRESS.fullmatch(address) and len(address) <= MAX_ID else None


def _need_somebody(kind: str, person: str | None, company: Key | None) -> None:
    if kind == "group" and not company:
        raise Unstorable("A group call needs a groupId.")
    if kind == "identify" and not person:
        raise Unstorable("An identify call needs a userId or an anonymousId.")
    if not person and not company:
        raise Unstorable("Nobody did this: give a userId, an anonymousId or context.groupId.")


def _event_name(kind: str, message: Mapping[str, Any]) -> str | None:
    if kind in _DESCRIBING:
        return None
    if kind != "track":
        return EventType.PAGE_VIEWED if kind == "page" else EventType.SCREEN_VIEWED
    name = message.get("event")
    if not isinstance(name, str) or not name.strip():
        raise Unstorable("A track call needs an event name in `event`.")
    if len(name.strip()) > MAX_NAME:
        raise Unstorable(f"The event name is longer than {MAX_NAME} characters.")
    return name.strip()


def _properties(kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
    properties = _object(message, "properties")
    if kind in ("page", "screen"):
        for name in ("name", "category"):
            if message.get(name) not in (None, ""):
                properties.setdefault(name, message[name])
    return properties


def _traits(kind: str, message: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the traits of the person or, for group, of the company.

    RudderStack's Python and browser SDKs send a person's traits only in context.traits; on a group call those
    are still the person's and are left alone.
    """
    traits = _object(message, "traits")
    if kind == "identify" and not traits:
        return _object(context, "traits")
    return traits


def _object(message: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = message.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unstorable(f"`{name}` must be a JSON object.")
    return value


def _id(message: Mapping[str, Any], name: str) -> str | None:
    """Return an id as text; null and "" mean that there is none (both are what SDKs send)."""
    value = message.get(name)
    if value is None or value == "":
        return None
    if type(value) is not str and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise Unstorable(f"`{name}` must be a text.")
    text = str(value).strip()
    if len(text) > MAX_ID or "\0" in text:
        raise Unstorable(f"`{name}` must be at most {MAX_ID} characters and hold no NUL.")
    return text or None
