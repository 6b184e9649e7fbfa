"""People a batch shows to be one, or to belong elsewhere: links and memberships, at once; events are moved later."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from customers import change_feed, identities
from customers.identities import Key
from customers.models import Affiliation, Contact
from customers.models.membership import Membership
from customers.people import Company, Person, Statement, homes, links, memberships, pointing

People = Mapping[Key, Person]


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody said that the person of a name belongs to a company."""

    name: Key
    company: Company
    stated: Statement
    origin: Membership.Origin


@dataclass(frozen=True, slots=True)
class Take:
    """A name turned out to be another person's than the one who had it."""

    name: Key
    giver: Person
    taker: Person


@dataclass(frozen=True, slots=True)
class Places:
    """Where a contact belongs, and at which customers it has events."""

    present: int
    is_at_home: bool  # in no list
    elsewhere: Collection[int]

    @property
    def all(self) -> Collection[int]:
        return {self.present, *self.elsewhere}

    @property
    def listed(self) -> Collection[int]:
        return self.elsewhere if self.is_at_home else self.all


@dataclass(slots=True)
class Moving:
    """The people a batch merges, each into another, names that change hands, and who belongs where from when on.

    `counted` are those who counted for themselves, or for others, and now do not, `unsettled` the people whose
    memberships may say something else afterwards, `linked` the anonymous ids that are somebody's since an earlier time
    than was known.
    """

    merged: list[tuple[Person, Person]] = field(default_factory=list)
    counted: list[tuple[Person, Person]] = field(default_factory=list)
    taken: list[Take] = field(default_factory=list)
    joined: list[Join] = field(default_factory=list)
    unsettled: list[Person] = field(default_factory=list)
    linked: dict[Key, Statement] = field(default_factory=dict)

    def fold(self, person: Person, into: Person, people: "dict[Key, Person]") -> bool:
        """Note that a person turned out to be another; return whether what is known of the first is new to that one.

        Whom colleagues merged with either is one person with both.
        """
        former = person.whole
        if into.into is person:
            into.into, into.company = None, person.company
            into.joined_at, into.stop_scoring = person.joined_at, person.stop_scoring
        whole = into.whole
        self.merged.append((person, into))
        if former is not whole:
            self.counted.append((former, whole))
        for name, known in list(people.items()):
            if known is person:
                people[name] = into
            elif known is not whole and (known.into in (person, former) or known is former):
                known.into = whole
        if former is not person and former is not whole:
            former.into = whole
        return former is person

    def settled(self, person: Person) -> Person:
        """Return the one who counts for a person, also when they were merged by a later message."""
        for merged, into in self.merged:
            if merged is person:
                return self.settled(into)
        return person if person.into is None else self.settled(person.into)

    def contacts(self, people: People) -> set[int]:
        """Return the stored contacts all of whose names must be held: who changes, and who objects with them."""
        linked = {people[name].whole.id for name in self.linked}
        objecting = {into.id for into in self._newly_objecting()}
        return self.stored() | {pk for pk in linked | objecting if pk is not None}

    def objecting(self) -> set[int]:
        return {into.id for into in self._newly_objecting() if into.id is not None}

    def grown(self) -> set[int]:
        """Return the contacts that stored ones were merged into: answers and tickets of those are theirs now."""
        into = {self.settled(into).id for person, into in self.counted if person.id is not None}
        return {contact for contact in into if contact is not None}

    def write(self, stored: Collection[int], people: People, identity_ids: Mapping[Key, int], now: datetime) -> None:
        """Write who is who and who belongs where. Call when new people are saved, with what `stored` gave before."""
        before = places(stored)
        for person, into in self.merged:
            if person.id is not None:
                _merge(person.id, self._survivor(into))
        for take in self.taken:
            _take(identity_ids[take.name], self._survivor(take.giver), self._survivor(take.taker))
        identities.link(self.linked, identity_ids)
        memberships.add([row for join in self.joined if (row := _row(join, people, identity_ids))])
        self._settle(before, now)

    def drop_folded(self) -> None:
        """Delete the contacts that were merged into others; call when these are described."""
        if not self.merged:
            return
        self._leave_homes_of_hidden()
        Contact.objects.filter(pk__in=[person.id for person, _ in self.merged if person.id is not None]).delete()

    def _leave_homes_of_hidden(self) -> None:
        """Note that nobody comes back to the homes of those for whom others count, and who are deleted."""
        hidden = {person.id: into for person, into in self.merged if person.id is not None}
        for former, _ in self.counted:
            hidden.pop(former.id or 0, None)
        if not hidden:
            return
        homes_of = Contact.objects.filter(pk__in=hidden, customer__provisional=True).values_list("pk", "customer")
        for contact, home in homes_of:
            homes.leave(home, self.settled(hidden[contact]).company)
            change_feed.resettle([(home, contact)])

    def stored(self) -> set[int]:
        """Return the contacts whose names or memberships change; before others are saved, those that are stored."""
        people = [*map(self.settled, self._survivors()), *(person for person, _ in self.counted)]
        return {person.id for person in people if person.id is not None}

    def _survivor(self, person: Person) -> Person:
        """Return the person this one was merged into by a later message, else itself; others may count for them."""
        for merged, into in self.merged:
            if merged is person:
                return self._survivor(into)
        return person

    def _newly_objecting(self) -> list[Person]:
        """Return who is settled to be somebody who objects, and does not yet themselves."""
        settled = [self.settled(into) for person, into in self.counted if person.stop_scoring]
        return [person for person in settled if not person.stop_scoring]

    def _settle(self, before: Mapping[int, Places], now: datetime) -> None:
        """Write where people belong now, and have their events follow."""
        people = {p.id: p for p in map(self.settled, self._survivors()) if p.id is not None}
        presents, left = memberships.present(people), []
        for pk, person in people.items():
            present, stored = presents.get(pk), before.get(pk)
            person.joined_at = present.since if present else None
            if present:
                # Whoever counted for somebody has their company, and may be stored at another.
                places_before = {person.company.id, stored.present if stored else None}
                left += [(pk, place) for place in places_before - {present.customer}]
                if present.customer != person.company.id:
                    person.company = Company(present.customer, provisional=False)
            elif not person.company.provisional:
                # All that was said of them was said of somebody else.
                person.company = homes.move_into_new(pk, now)
            elif stored and stored.is_at_home and stored.present != person.company.id:
                person.company = Company(stored.present, provisional=True)
        memberships.set_present(presents)
        people |= dict(self._folded())
        left += [(pk, before[pk].present) for pk, _ in self._folded()]
        kept = {former.id for former, _ in self.counted} - {person.id for person, _ in self.merged}
        for pk, customer in left:
            if pk not in kept:  # the home of a contact that counts no more, and stays
                homes.leave(customer, people[pk].company)
        note_elsewhere(
            (people[pk].id or 0, place)
            for pk, where in before.items()
            for place in where.listed
            if place != people[pk].company.id
        )
        places_left = {*left, *((pk, place) for pk, where in before.items() for place in where.all)}
        change_feed.resettle((place, pk) for pk, place in places_left if place is not None)

    def _folded(self) -> Iterable[tuple[int, Person]]:
        """Yield the stored contacts that count no more, with the person who counts for each."""
        return ((person.id, self.settled(into)) for person, into in self.counted if person.id is not None)

    def _survivors(self) -> Iterable[Person]:
        yield from self.unsettled
        yield from (into for person, into in self.merged if person.id is not None)
        for take in self.taken:
            yield from (take.giver, take.taker)


def places(contacts: Collection[int]) -> dict[int, Places]:
    """Return the places of contacts. Two queries, none without contacts."""
    if not contacts:
        return {}
    elsewhere: dict[int, set[int]] = defaultdict(set)
    for contact, customer in Affiliation.objects.filter(contact__in=contacts).values_list("contact", "customer"):
        elsewhere[contact].add(customer)
    present = Contact.objects.filter(pk__in=contacts).values_list("pk", "customer", "customer__provisional")
    return {pk: Places(customer, is_at_home, elsewhere[pk]) for pk, customer, is_at_home in present}


def _row(join: Join, people: People, identity_ids: Mapping[Key, int]) -> memberships.Row | None:
    person, company = people[join.name], join.company
    contact, customer = person.whole.id, company.whole.id
    if contact is None or customer is None:  # a home that nobody came to live in
        return None
    at, message_hash = join.stated
    via_contact, via_customer = person.id if person.into else None, company.id if company.into else None
    return memberships.Row(
        contact, at, message_hash, customer, identity_ids[join.name], join.origin, via_contact, via_customer
    )


def _merge(contact: int, into: Person) -> None:
    assert into.id is not None
    _take_along(contact, pointing.fold(contact, into.id))


def _take(name: int, giver: Person, taker: Person) -> None:
    assert giver.id is not None and taker.id is not None
    if giver.id != taker.id:
        pointing.give_name(name, giver.id, taker.id)


def _take_along(contact: int, into: int) -> None:
    """Let tickets, notes and answers of the contact name the other one: they would name nobody."""
    for model, column in links.of_contacts():
        model._default_manager.filter(**{column: contact}).update(**{column: into})


def note_elsewhere(pairs: Iterable[tuple[int, int]]) -> None:
    """Remember at which customers, other than their present one, contacts have events."""
    rows = [Affiliation(contact_id=contact, customer_id=customer) for contact, customer in sorted(set(pairs))]
    if rows:
        Affiliation.objects.bulk_create(rows, ignore_conflicts=True)
