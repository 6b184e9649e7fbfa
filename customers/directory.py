"""The people and companies of a batch of messages: identities found or made, people linked, moved, described.

Used inside the transaction that stores the batch:

    directory = Directory(now, exclusive=set())
    directory.open(keys, missing)                     # locks and reads
    directory.person(user_id, anonymous_id, email, stated)
    directory.join(name, directory.company(key), stated, origin)
    directory.save(known_on)                          # writes; events follow behind (events.log.resettling)
    directory.customers_at([(name, at)])

Messages come in order of time. Reading takes the identities' rows FOR SHARE, in id order, so nobody repoints them
meanwhile. What repoints (an anonymous id that turns out to be a known user, a person who belongs elsewhere) needs all
names of these people FOR UPDATE: `save` then raises `NeedsWiderLock`, and the caller starts again with `exclusive=`
those contacts. Identities that are missing are guarded by advisory locks taken before any row.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from core.db import direct
from customers import described, identities
from customers.identities import Key
from customers.models import Contact, Customer, Identity, IdentityKind, Kind, Membership, Stage
from customers.models.contact import BEGINNING
from customers.people import Busy, Company, NeedsWiderLock, Person, Statement, Vanished, homes, memberships, saving
from customers.people.found import Found
from customers.people.moving import Join, Moving, Take


@dataclass(slots=True)
class Directory:
    now: datetime
    exclusive: set[int]
    people: dict[Key, Person] = field(default_factory=dict)
    companies: dict[Key, Company] = field(default_factory=dict)
    identity_ids: dict[Key, int] = field(default_factory=dict)
    removed: set[Key] = field(default_factory=set)
    _links: dict[Key, Statement] = field(default_factory=dict)
    _moving: Moving = field(default_factory=Moving)
    _described: described.Batch = field(default_factory=described.Batch)
    _promoted: list[tuple[Company, str]] = field(default_factory=list)
    _identities: list[Identity] = field(default_factory=list)

    def open(self, keys: Collection[Key], missing: Collection[Key], *, skip_busy: bool = False) -> None:
        """Lock and read the identities, of which some are `missing` as far as the caller knows.

        One round trip, one more when some are missing, three more when some are held alone. Raises Vanished,
        NeedsWiderLock, and with `skip_busy`, Busy instead of waiting for others who change these people.
        """
        if not keys:
            return
        # Before the rows are locked: a lock on a missing identity taken afterwards would be out of order.
        if wanted := {*missing} & {*keys}:
            identities.hold_missing(wanted)
        if self.exclusive:
            self._lock_exclusively(keys)
        with direct.pipeline():
            locked = identities.ask_lock(keys, wait=not skip_busy)
            found = identities.ask(keys)
        rows = identities.rows(found)
        if len(rows) + len(wanted) < len(keys) and {*keys} - {row.key for row in rows} - wanted:
            raise Vanished
        if skip_busy and locked.rowcount < len(rows):
            held = {pk for (pk,) in locked.fetchall()}
            raise Busy({row.key for row in rows if row.pk not in held})
        self.read(rows)

    def read(self, rows: Iterable[identities.Row]) -> None:
        """Take up identities that were read while they were locked."""
        found = Found()
        for row in rows:
            key = row.key
            self.identity_ids[key] = row.pk
            if row.is_removed:
                self.removed.add(key)
            if row.contact is None:
                self.companies[key] = found.company(row)
                continue
            if row.linked_at is not None and row.linked_hash is not None:
                self._links[key] = Statement(row.linked_at, row.linked_hash)
            self.people[key] = found.person(row)

    # Asking

    def company(self, key: Key) -> Company:
        """Return the customer of the identity; made, under its company id, when there is none.

        Raises LookupError for an id of ours that does not exist.
        """
        if key not in self.companies:
            if key[0] != IdentityKind.COMPANY:
                raise LookupError(f"There is no customer {key[1]}.")
            row = Customer(name=key[1], kind=Kind.COMPANY, stage=Stage.ACTIVE, created_at=self.now)
            self.companies[key] = Company(None, False, row=row)
            self._identities.append(Identity(kind=key[0], value=key[1]))
        return self.companies[key]

    def person(self, user_id: str | None, anonymous_id: str | None, email: str | None, stated: Statement) -> Person:
        """Return the person of the names, linking what has no user id yet to the user id.

        An anonymous id belongs to the user id that it was earliest seen with. Two user ids are never merged here: the
        user id decides. An e-mail finds somebody with a user id only when it is the one name given, as in records of
        our own: whoever types another's address does not become them.
        """
        given = ((IdentityKind.USER, user_id), (IdentityKind.ANONYMOUS, anonymous_id), (IdentityKind.EMAIL, email))
        names: list[Key] = [(kind, name) for kind, name in given if name]
        known = [(i, self.people[key]) for i, key in enumerate(names) if key in self.people]
        # The first name is the user id, if there is one. Someone else's user id never joins in.
        candidates = [person for i, person in known if i == 0 or not person.has_user]
        person = candidates[0] if candidates else self._new_person(names[0][1])
        for other in candidates[1:]:
            if other is not person and not other.has_user:
                self._merge(other, into=person)
        for key in names:
            if key not in self.people:
                self._name(person, key)
        if user_id and anonymous_id:
            self._link((IdentityKind.ANONYMOUS, anonymous_id), person, stated)
        return person

    def alias(self, previous_id: str, user_id: str, stated: Statement) -> None:
        """Note that two ids are of one person; the previous one may be a user id or an anonymous id."""
        person = self.person(user_id, None, None, stated)
        for key in ((IdentityKind.USER, previous_id), (IdentityKind.ANONYMOUS, previous_id)):
            other = self.people.get(key)
            if other is None:
                self._name(person, key)
            elif other is not person and (key[0] == IdentityKind.USER or not other.has_user):
                self._merge(other, into=person)
        self._link((IdentityKind.ANONYMOUS, previous_id), person, stated)

    def join(self, name: Key, company: Company, stated: Statement, origin: Membership.Origin) -> None:
        """Note that the person of the name belongs to the company from then on, until somebody says otherwise."""
        person = self.people[name].whole
        self._moving.joined.append(Join(name, company, stated, origin))
        if person.company is company.whole and person.joined_at is not None and stated.at >= person.joined_at:
            return
        self._moving.unsettled.append(person)
        if person.id is None:
            person.company = company.whole  # and no home is made for them

    def customers_at(self, asked: Sequence[tuple[Key, datetime]]) -> list[int | None]:
        """Return where the persons of the names belonged at these instants. Once saved. One query, seldom any."""
        when = [(self.people[name].whole, at) for name, at in asked]
        late = [
            (person.id, at)
            for person, at in when
            if person.id is not None and person.joined_at is not None and at < person.joined_at
        ]
        found: dict[tuple[int | None, datetime], int | None] = dict(
            zip(late, memberships.customers_at(late), strict=True)
        )
        return [found.get((person.id, at), person.company.id) for person, at in when]

    def describe_person(self, person: Person, traits: dict[str, object], at: datetime) -> None:
        self._described.person(person.whole, traits, at)

    def describe_company(self, company: Company, call: described.CompanyCall) -> None:
        self._described.company(company.whole, call)

    # Writing

    def save(self, known_on: date) -> None:
        """Write what is new and what changed; what has to move is noted for `events.log.resettling`.

        Raises NeedsWiderLock.
        """
        needed, stored = self._moving.contacts(self.people), self._moving.stored()
        if not needed <= self.exclusive:
            raise NeedsWiderLock(needed)
        if self._identities:
            new = [p for p in self.people.values() if p.id is None]
            saving.save(new, self.companies.values(), known_on)
            self.identity_ids |= saving.name(self._identities, self.people, self.companies, self._links)
        self._moving.write(stored, self.people, self.identity_ids, self.now)
        described.name_provisional([(c.id, name) for c, name in self._promoted if c.id and c.row is None], known_on)
        self._described.save(known_on, self.now)
        self._moving.drop_folded()

    def objecting(self) -> set[int]:
        """Return the contacts who object to being scored since somebody who does turned out to be them. Once saved."""
        return self._moving.objecting()

    def grown(self) -> set[int]:
        """Return the contacts that stored ones turned out to be. Once saved."""
        return self._moving.grown()

    # Inside

    def _lock_exclusively(self, keys: Collection[Key]) -> None:
        """Lock the identities, and all names of the contacts that are held alone, in one statement, in order.

        A transaction we waited for may have added some. To lock those as well would be out of order, and two
        batches could wait for each other: NeedsWiderLock has everything done again.
        """
        if identities.lock_exclusively(keys, self.exclusive) != identities.locked_with(keys, self.exclusive):
            raise NeedsWiderLock(set())

    def _new_person(self, name: str) -> Person:
        home = Company(None, True, row=homes.row(name, self.now))
        return Person(None, home, has_user=False, row=Contact(created_at=self.now))

    def _name(self, person: Person, key: Key) -> None:
        kind, value = key
        self.people[key] = person
        self._identities.append(Identity(kind=kind, value=value))
        if kind != IdentityKind.USER:
            return
        if not person.has_user:
            person.has_user = True
            self._moving.unsettled.append(person)  # two senders must not give it two user ids
        if settings.PEOPLE_ARE_CUSTOMERS and person.whole.company.provisional:
            self._promote(person.whole.company, key)

    def _link(self, name: Key, person: Person, stated: Statement) -> None:
        link, holder = self._links.get(name), self.people[name]
        if link is not None and link <= stated:
            return
        if holder is not person:
            self._moving.taken.append(Take(name, holder, person))
            self.people[name] = person
        self._links[name] = stated
        if name in self.identity_ids:
            self._moving.linked[name] = stated

    def _merge(self, person: Person, *, into: Person) -> None:
        if self._moving.fold(person, into, self.people):
            self._described.fold(person, into.whole)
        into.has_user = into.has_user or person.has_user

    def _promote(self, company: Company, name: Key) -> None:
        """A private person who signed in is a customer in their own right (PEOPLE_ARE_CUSTOMERS)."""
        company.provisional = False
        if company.row is not None:
            company.row.provisional = False
        self._promoted.append((company, name[1]))
        self.join(name, company, Statement(BEGINNING, bytes(16)), Membership.Origin.LISTED)
