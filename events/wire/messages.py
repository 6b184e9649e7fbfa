"""One message of an SDK, read and checked: what it says, when it happened, and whether it can be stored.

Pure: no database, no clock. `read` either returns a `Message` or raises `Unstorable` with the reason that the
rejected-events page shows.
"""

import hashlib
import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core import days
from core.db import jsonb
from core.names import addresses, ids
from core.names.cleaning import cleaned_name
from customers.identities import Key
from customers.models import IdentityKind
from events.models import EventType
from events.wire import nobody, times
from events.wire.amounts import amount_of
from events.wire.no_json import no_json_reason

KINDS = ("track", "page", "screen", "identify", "group", "alias")
_DESCRIBING = ("identify", "group")
_NO_EVENTS = (*_DESCRIBING, "alias")
MAX_ID = 200
MAX_NAME = 200


class Unstorable(Exception):
    """This message cannot be stored; the reason says what to change."""


@dataclass(slots=True)  # not frozen: writing a frozen one takes three times as long
class Message:
    """What a message says. `event_name` is None for identify, group and alias calls, which are no events."""

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
    is_internal: bool = False
    previous_id: str | None = None  # of an alias call: the other id of the person

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
    wrong_ids: Container[str] = ids.BUILT_IN,
) -> Message:
    """Check a message. `envelope` is the batch it came in; `history` allows events older than ten years.

    An id among the `wrong_ids` (folded, core.names.ids) is none: the message is kept under its other id. A message of
    our own (`internal`: a record, an import) may name its customer by `customer`, our own id, and its person by
    `email` alone; its names are those of people who are stored, or were checked at their door, so they are taken as
    they are. What a record tells (`record`) may be of any age. Raises Unstorable.
    """
    raw, message, kind = _checked(raw, envelope)
    context = _object(message, "context")
    is_of_record = internal and raw.get("record") is True
    # As sent: the clean copy's numbers are clamped to ±2⁵³, which would make one person of all with longer ids.
    time = _time(raw, envelope, context, received_at=received_at, history=history or is_of_record)
    wrong = None if internal else wrong_ids
    user_id, anonymous_id, message_id = _id(raw, "userId", wrong), _id(raw, "anonymousId", wrong), _id(raw, "messageId")
    traits = _traits(kind, message, context) if kind in _DESCRIBING else {}
    company = _company(kind, raw, traits, wrong)
    previous_id = _previous_id(raw, user_id, wrong) if kind == "alias" else None
    email = _email(kind, raw, traits, wrong) if internal or traits else None
    _need_somebody(raw, kind, user_id or anonymous_id or (email if internal else None), company)
    # Without an id a message is new each time: nothing else tells a repeat from a second event.
    name = message_hash(message_id or str(uuid.uuid4()))
    at = time.occurred_at
    return Message(
        source_id, kind, name, user_id, anonymous_id, email, company, _event_name(kind, message), traits,
        _properties(kind, message), context, time, at, days.business_day(at), raw, is_of_record, internal,
        previous_id,
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
    if kind not in KINDS:
        raise Unstorable(f"Unknown type {str(kind)[:40]!r}. Known types: {', '.join(KINDS)}.")
    return raw, message, kind


def message_hash(message_id: str) -> bytes:
    """Return what `Seen` keeps: long ids would not fit an index entry."""
    return hashlib.sha256(message_id.encode()).digest()[:16]


def _time(message: dict[str, Any], envelope: Mapping[str, Any], context: dict[str, Any], **how: Any) -> times.Time:
    try:
        return times.effective(message, envelope, context, **how)
    except times.BadTime as error:
        raise Unstorable(str(error)) from None


def _company(kind: str, raw: Mapping[str, Any], traits: Mapping[str, Any], wrong: Container[str] | None) -> Key | None:
    """Return the identity of the customer the message names, if it names one.

    For an identify call that is context.groupId, which Segment puts on every call, else the reserved trait `company`.
    """
    if wrong is None and "customer" in raw:
        return IdentityKind.RAPPORT, str(raw["customer"])
    group_id = _id(raw if kind == "group" else _object(raw, "context"), "groupId", wrong)
    about = traits.get("company")
    if kind == "identify" and group_id is None and isinstance(about, dict) and type(about.get("id")) in (str, int):
        group_id = _id(about, "id", wrong)
    return (IdentityKind.COMPANY, group_id) if group_id and kind != "alias" else None


def _previous_id(raw: Mapping[str, Any], user_id: str | None, wrong: Container[str] | None) -> str | None:
    """Return the other id an alias call joins to the user id. Raises Unstorable when it names only one."""
    previous_id = _id(raw, "previousId", wrong)
    missing = [name for name, value in (("userId", user_id), ("previousId", previous_id)) if not value]
    if previous_id is None or missing:
        raise Unstorable(nobody.wrong_id(raw, *missing) or "An alias call needs a userId and a previousId.")
    return previous_id


def _email(kind: str, raw: Mapping[str, Any], traits: Mapping[str, Any], wrong: Container[str] | None) -> str | None:
    """Return the address by which a person without a user id can be found again."""
    if wrong is None and isinstance(own := raw.get("email"), str):
        # Checked at its door, or of somebody who was stored by an older rule of what an address is.
        own = own.strip().lower()
        return own if "@" in own and "\0" not in own and len(own) <= MAX_ID else None
    address = addresses.email(traits.get("email")) if kind == "identify" else None
    return None if address and wrong is not None and ids.is_wrong(address, wrong) else address


def _need_somebody(raw: Mapping[str, Any], kind: str, person: str | None, company: Key | None) -> None:
    if not company if kind == "group" else not (person or (company and kind != "identify")):
        raise Unstorable(nobody.reason(raw, kind))


def _event_name(kind: str, message: Mapping[str, Any]) -> str | None:
    if kind in _NO_EVENTS:
        return None
    if kind != "track":
        return EventType.PAGE_VIEWED if kind == "page" else EventType.SCREEN_VIEWED
    name = cleaned_name(name) if isinstance(name := message.get("event"), str) else ""
    if not name:
        raise Unstorable("A track call needs an event name in `event`.")
    if len(name) > MAX_NAME:
        raise Unstorable(f"The event name is longer than {MAX_NAME} characters.")
    return name


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


def _id(message: Mapping[str, Any], name: str, wrong: Container[str] | None = None) -> str | None:
    """Return an id as text; None when there is none: null and "" (both are what SDKs send), or one of the wrong ids.

    Without `wrong` no id is wrong, and each stays as it is but for spaces around it.
    """
    value = message.get(name)
    if value is None or value == "" or (wrong is not None and isinstance(value, bool)):
        return None
    if type(value) is not str and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise Unstorable(f"`{name}` must be a text.")
    text = str(value).strip()
    if len(text) > MAX_ID or "\0" in text:
        raise Unstorable(f"`{name}` must be at most {MAX_ID} characters and hold no NUL.")
    return (text if wrong is None else ids.read(text, wrong)) or None
