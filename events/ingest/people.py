"""What messages say about people and companies, applied to the directory."""

from collections.abc import Sequence
from operator import attrgetter

from customers.directory import Directory
from customers.models import IdentityKind
from customers.people import Person
from events.wire.messages import Message

_USER = IdentityKind.USER.value
Name = tuple[int, bytes]  # of a message: its source and the hash of its id


def identify(messages: Sequence[Message], directory: Directory) -> dict[Name, Person | None]:
    """Apply what the messages say about people, in order of time; return who did each one.

    Links and group calls come before anything is stored, so that events of the same batch find them done.
    """
    in_order = sorted(messages, key=attrgetter("at"))  # at the same instant: as sent
    people: dict[Name, Person | None] = {}
    for message in in_order:
        people[message.source_id, message.message_hash] = _person(message, directory)
    for message in in_order:
        if message.kind in ("identify", "group"):
            _describe(message, people[message.source_id, message.message_hash], directory)
        elif message.company:
            directory.company(message.company)
    if directory.is_merging:
        return {name: directory.settled(person) if person else None for name, person in people.items()}
    return people


def _person(message: Message, directory: Directory) -> Person | None:
    """Return who did it; nearly always somebody of one name who is known."""
    only_user = None if message.anonymous_id or message.email else message.user_id
    if only_user and (person := directory.people.get((_USER, only_user))):
        return person
    names = message.user_id, message.anonymous_id, message.email
    return directory.person(*names) if any(names) else None


def _describe(message: Message, person: Person | None, directory: Directory) -> None:
    company = directory.company(message.company) if message.company else None
    if message.kind == "group" and company:
        directory.describe_company(company, message.traits, message.at)
        if person:
            directory.join(directory.settled(person), company, message.at)
    elif message.kind == "identify" and person:
        directory.describe_person(directory.settled(person), message.traits, message.at)
