"""The people and companies of a batch of messages: identities found or made, people linked, moved, described.

Used inside the transaction that stores the batch:

    directory = Directory(now, exclusive=set())
    directory.open(keys, missing)                  # locks and reads
    person = directory.person(user_id, anonymous_id, email)
    directory.join(person, directory.company(key), at)
    directory.save(known_on)                       # writes; events follow behind (events.log.resettling)

Reading takes the identities' rows FOR SHARE, in id order, so nobody repoints them meanwhile. What repoints
(an anonymous id that turns out to be a known user, a person who changes company) needs all names of these people
FOR UPDATE: `save` then raises `NeedsWiderLock`, and the caller starts again with `exclusive=` those contacts.
Identities that are missing are guarded by advisory locks taken before any row.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from core.db import direct
from customers import described, identities
from customers.identities import Key
from customers.models import Contact, Customer, Identity, IdentityKind, Kind, Stage
from customers.moving import Moving
from customers.people import Busy, Company, NeedsWiderLock, Person, Vanished


@dataclass(slots=True)
class Directory:
    now: datetime
    exclusive: set[int]
    people: dict[Key, Person] = field(default_factory=dict)
    companies: dict[Key, Company] = field(default_factory=dict)
    identity_ids: dict[Key, int] = field(default_factory=dict)
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
        people: dict[int, Person] = {}
        companies: dict[int, Company] = {}
        for row in rows:
            key = row.key
            self.identity_ids[key] = row.pk
            company = companies.get(row.customer)
            if company is None:
                company = companies[row.customer] = Company(row.customer, row.provisional, row.own_identity)
            if row.contact is None:
                self.companies[key] = company
            else:
                person = people.get(row.contact)
                if person is None:
                    person = people[row.contact] = Person(
                        row.contact, company, row.has_user, row.joined_at, stop_scoring=bool(row.stop_scoring)
                    )
                self.people[key] = person

    # Asking

    def company(self, key: Key) -> Company:
        """Return the customer of the identity; made, under its company id, when there is none.

        Raises LookupError for an id of ours that does not exist.
        """
        if key not in self.companies:
            if key[0] != IdentityKind.COMPANY:
                raise LookupError(f"There is no customer {key[1]}.")
            self.companies[key] = self._new_company(name=key[1], provisional=False)
            self._identities.append(Identity(kind=key[0], value=key[1]))
        return self.companies[key]

    def person(self, user_id: str | None, anonymous_id: str | None, email: str | None = None) -> Person:
        """Return the person of the names, linking what has no user id yet to the first user id seen with it.

        Two user ids are never merged: the user id decides. An e-mail finds somebody with a user id only when it is
        the one name given, as in records of our own: whoever types another's address does not become them.
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
        return person

    def settled(self, person: Person) -> Person:
        """Return the person this one was merged into by a later message, else itself."""
        return self._moving.settled(person)

    @property
    def is_merging(self) -> bool:
        """Whether somebody turned out to be somebody else."""
        return bool(self._moving.merged)

    def join(self, person: Person, company: Company, at: datetime) -> None:
        """Make the company the person's present one, unless a later call has joined them to another."""
        if person.joined_at is not None and at < person.joined_at:
            return
        if person.company is not company:
            self._moving.joined.append((person, person.company, company))
            person.company = company
        person.joined_at = at

    def describe_person(self, person: Person, traits: dict[str, object], at: datetime) -> None:
        self._described.person(person, traits, at)

    def describe_company(self, company: Company, traits: dict[str, object], at: datetime) -> None:
        self._described.company(company, traits, at)

    # Writing

    def save(self, known_on: date) -> None:
        """Write what is new and what changed; what has to move is noted for `events.log.resettling`.

        Raises NeedsWiderLock.
        """
        moving = self._moving.contacts()
        if not moving <= self.exclusive:
            raise NeedsWiderLock(moving)
        if self._identities:
            self._save_new(known_on)
        self._moving.repoint()
        described.name_provisional([(c.id, name) for c, name in self._promoted if c.id and c.row is None], known_on)
        self._described.save(known_on)
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

    def _new_company(self, name: str, *, provisional: bool) -> Company:
        row = Customer(
            name=name,
            kind=Kind.PERSON if provisional else Kind.COMPANY,
            stage=Stage.ACTIVE,
            provisional=provisional,
            created_at=self.now,
        )
        return Company(None, provisional, row=row)

    def _new_person(self, name: str) -> Person:
        home = self._new_company(name=name, provisional=True)
        return Person(None, home, has_user=False, row=Contact(created_at=self.now))

    def _name(self, person: Person, key: Key) -> None:
        kind, value = key
        self.people[key] = person
        self._identities.append(Identity(kind=kind, value=value))
        if kind == IdentityKind.USER:
            person.has_user = True
            if settings.PEOPLE_ARE_CUSTOMERS and person.company.provisional:
                self._promote(person.company, value)

    def _merge(self, person: Person, *, into: Person) -> None:
        self._moving.merged.append((person, into))
        self._described.fold(person, into)
        if person.joined_at is not None:
            self.join(into, person.company, person.joined_at)
        for key, known in list(self.people.items()):
            if known is person:
                self.people[key] = into

    def _promote(self, company: Company, name: str) -> None:
        """A private person who signed in is a customer in their own right (PEOPLE_ARE_CUSTOMERS)."""
        company.provisional = False
        if company.row is not None:
            company.row.provisional = False
        self._promoted.append((company, name))

    def _save_new(self, known_on: date) -> None:
        merged = {id(person) for person, _ in self._moving.merged}
        people = {id(p): p for p in self.people.values() if p.id is None and id(p) not in merged}
        all_companies = [*self.companies.values(), *(person.company for person in people.values())]
        companies = {id(c): c for c in all_companies if c.id is None}
        rows = [company.row for company in companies.values() if company.row is not None]
        own = described.create_customers(rows, known_on)
        for company in companies.values():
            assert company.row is not None
            company.id, company.identity = company.row.pk, own[company.row.pk]
        for person in people.values():
            assert person.row is not None
            person.row.customer_id = person.company.id  # type: ignore[assignment]
            person.row.joined_at = person.joined_at
        # After the customers, whose ids they need, and before the identities that name them.
        Contact.objects.bulk_create([person.row for person in people.values() if person.row])
        for person in people.values():
            person.id = person.row.pk if person.row else None
        self._save_identities()

    def _save_identities(self) -> None:
        for identity in self._identities:
            key = (identity.kind, identity.value)
            if key in self.people:
                identity.contact_id = self.people[key].id
            else:
                identity.customer_id = self.companies[key].id
        Identity.objects.bulk_create(self._identities)
        for identity in self._identities:
            key = (identity.kind, identity.value)
            self.identity_ids[key] = identity.pk
