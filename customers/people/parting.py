"""People who were taken for one, made people of their own: whoever an id was shared by, without the id."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from core.db import bulk, direct
from customers import change_feed, contact_counts, identities
from customers.identities import Key
from customers.models import Contact, Identity, IdentityKind, Membership
from customers.people import Company, Person, Statement, homes, memberships, moving, saving

_REPOINT = """
    UPDATE customers_identity AS identity SET contact_id = new.contact, via = NULL, linked_at = NULL, linked_hash = NULL
    FROM unnest(%s::bigint[], %s::bigint[]) AS new (id, contact) WHERE identity.id = new.id
"""
_TAKE_ALONG = """
    UPDATE customers_membership AS said SET contact_id = new.contact, via_contact = NULL
    FROM unnest(%s::bigint[], %s::bigint[]) AS new (name, contact)
    WHERE said.contact_id = %s AND said.person_id = new.name
"""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the people: the name they are known by from now on, and when they first named which customers."""

    key: Key
    companies: Mapping[int, datetime]

    @property
    def email(self) -> str:
        return self.key[1] if self.key[0] == IdentityKind.EMAIL else ""


class Parted(NamedTuple):
    """The identity that one of the people is known by, and their contact: `is_new` unless it was another's already."""

    name: int
    contact: int
    is_new: bool


def split_off(shared: int, people: Sequence[Somebody], *, now: datetime, open_day: date) -> Mapping[Key, Parted]:
    """Make people of a shared contact contacts of their own; return who each of them is.

    Names that are not stored yet are made; one that is another contact's stays theirs, with what comes under it. In
    the caller's transaction, which holds the open day. What the people did follows behind (events.log.resettling).
    """
    keys = {somebody.key for somebody in people}
    if missing := keys - _known(keys).keys():
        identities.hold_missing(missing)
    identities.lock_contacts([shared])
    places, known = moving.places([shared])[shared].all, _known(keys)
    new = [one for one in people if one.key not in known or known[one.key].contact_id == shared]
    theirs = belonged(shared, new, known)
    made = _contacts(new, theirs, now, open_day)
    names = _name(shared, new, known, made)
    memberships.add([row for one in new for row in rows(names[one.key], made[one.key], theirs[one.key])])
    _stay(shared, now)
    presents = memberships.present(list(made.values()))
    memberships.set_present(presents)
    change_feed.resettle((place, shared) for place in places)
    contact_counts.note_for({present.customer for present in presents.values()}, open_day)
    return {
        one.key: Parted(names[one.key], made.get(one.key) or known[one.key].contact_id or 0, one.key in made)
        for one in people
    }


def _stay(shared: int, now: datetime) -> None:
    """Write where the shared contact belongs when others took along what was said under their names."""
    presents = memberships.present([shared])
    memberships.set_present(presents)
    if not presents and Contact.objects.filter(pk=shared, customer__provisional=False).exists():
        homes.move_into_new(shared, now)


def _known(keys: Collection[Key]) -> dict[Key, Identity]:
    values = [value for _, value in keys]
    rows = Identity.objects.filter(kind__in={kind for kind, _ in keys}, value__in=values)
    return {(row.kind, row.value): row for row in rows if (row.kind, row.value) in keys}


def belonged(shared: int, people: Sequence[Somebody], known: Mapping[Key, Identity]) -> dict[Key, dict[Statement, int]]:
    """Return for each of the people when they came to which customers, as far as anything says so. One query.

    That is what was said under their name, what their events name, and the call that linked their device. Where the
    shared contact never belonged but to one company, they belong there too; else nobody can tell whose its memberships
    were.
    """
    stated = list(
        Membership.objects.filter(contact=shared).exclude(origin=Membership.Origin.LISTED).order_by("from_at")
    )
    only = stated[:1] if len({row.customer_id for row in stated}) == 1 else []
    found = {}
    for one in people:
        name = known.get(one.key)
        under = [row for row in stated if name is not None and row.person_id == name.pk]
        link = None if name is None or name.linked_hash is None else bytes(name.linked_hash)
        linked = [row for row in stated if bytes(row.message_hash) == link]
        found[one.key] = {
            **{Statement(row.from_at, bytes(row.message_hash)): row.customer_id for row in under},
            **{_stated(one, row.customer_id, row.from_at): row.customer_id for row in linked},
            **{_stated(one, customer, at): customer for customer, at in one.companies.items()},
        } or {_stated(one, row.customer_id, row.from_at): row.customer_id for row in only}
    return found


def _stated(one: Somebody, customer: int, at: datetime) -> Statement:
    # A hash of its own: the shared contact keeps its row, and would have two alike if the people were joined again.
    text = "\0".join((*one.key, str(customer)))
    return Statement(at, hashlib.blake2b(text.encode(), digest_size=16).digest())


def _contacts(
    people: Sequence[Somebody], theirs: Mapping[Key, Mapping[Statement, int]], now: datetime, open_day: date
) -> dict[Key, int]:
    """Insert the contacts: at a customer of theirs, else each in a home of its own."""
    made = []
    for one in people:
        at = next(iter(theirs[one.key].values()), None)
        company = Company(at, provisional=False) if at else Company(None, True, row=homes.row(one.key[1], now))
        made.append(Person(None, company, has_user=False, row=Contact(created_at=now, email=one.email)))
    if made:
        saving.save(made, (), open_day)
    return {one.key: person.id or 0 for one, person in zip(people, made, strict=True)}


def _name(
    shared: int, people: Sequence[Somebody], known: Mapping[Key, Identity], contacts: Mapping[Key, int]
) -> dict[Key, int]:
    """Have the names, and what was said under them, be the new contacts'; return their ids. Three queries at most."""
    old = [(known[one.key].pk, contacts[one.key]) for one in people if one.key in known]
    if old:
        columns = [bulk.array(column) for column in zip(*old, strict=True)]
        direct.execute(_REPOINT, columns)
        direct.execute(_TAKE_ALONG, [*columns, shared])
    new = [
        Identity(kind=one.key[0], value=one.key[1], contact_id=contacts[one.key])
        for one in people
        if one.key not in known
    ]
    Identity.objects.bulk_create(new)
    made = {(row.kind, row.value): row.pk for row in new}
    return {**{key: row.pk for key, row in known.items()}, **made}


def rows(name: int, contact: int, theirs: Mapping[Statement, int]) -> list[memberships.Row]:
    """Return the memberships of one of the people, as they are written."""
    origin = Membership.Origin.CALL
    return [memberships.Row(contact, at, digest, customer, name, origin) for (at, digest), customer in theirs.items()]
