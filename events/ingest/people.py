"""What messages say about people and companies, applied to the directory."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from customers.described import CompanyCall
from customers.directory import Directory
from customers.identities import Key
from customers.models import IdentityKind, Membership
from customers.people import Statement
from events.models import Source
from events.wire.messages import Message

Name = tuple[int, bytes]  # of a message: its source and the hash of its id


def identify(
    messages: Sequence[Message], directory: Directory, sources: Mapping[int, Source]
) -> dict[Name, Key | None]:
    """Apply what the messages of these sources say, in order of time; return under which name each one came.

    Before anything is stored, so that events of the same batch find it done.
    """
    names: dict[Name, Key | None] = {}
    in_order = sorted(messages, key=attrgetter("at"))  # at the same instant: as sent
    for message in in_order:
        name = names[message.source_id, message.message_hash] = name_of(message)
        if message.previous_id and message.user_id:
            directory.alias(message.previous_id, message.user_id, _when(message))
        elif name is not None:
            _meet(message, name, directory)
    # When it is known who is who.
    for message in in_order:
        name = names[message.source_id, message.message_hash]
        if message.kind in ("identify", "group"):
            _describe(message, name, directory, sources[message.source_id])
        elif message.company:
            directory.company(message.company)
    return names


def name_of(message: Message) -> Key | None:
    """Return the identity under which a message came: the user id, else the anonymous id, else the e-mail."""
    if message.user_id:
        return IdentityKind.USER.value, message.user_id
    if message.anonymous_id:
        return IdentityKind.ANONYMOUS.value, message.anonymous_id
    return (IdentityKind.EMAIL.value, message.email) if message.email else None


def _when(message: Message) -> Statement:
    return Statement(message.at, message.message_hash)


def _meet(message: Message, name: Key, directory: Directory) -> None:
    """Have the directory know who did it; nearly always somebody of one name who is known."""
    if name in directory.people and not message.email and not (message.user_id and message.anonymous_id):
        return
    directory.person(message.user_id, message.anonymous_id, message.email, _when(message))


def _describe(message: Message, name: Key | None, directory: Directory, source: Source) -> None:
    if message.company:
        company = directory.company(message.company)
        if traits := _of_company(message):
            call = CompanyCall(traits, message.at, message.message_hash, source.field_origin, source.field_rules)
            directory.describe_company(company, call)
        if name is not None:
            origin = Membership.Origin.RECORD if message.is_internal else Membership.Origin.CALL
            directory.join(name, company, _when(message), origin)
    if message.kind == "identify" and name is not None:
        directory.describe_person(directory.people[name], message.traits, message.at)


def _of_company(message: Message) -> dict[str, Any]:
    """Return what the message says about its company: a group call's traits, or the reserved trait of a person."""
    if message.kind == "group":
        return message.traits
    about = message.traits.get("company")
    if not isinstance(about, dict) or message.company is None or str(about.get("id", "")).strip() != message.company[1]:
        return {}
    return {trait: value for trait, value in about.items() if trait != "id"}
