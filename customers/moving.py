"""What moves when a batch shows that two names are one person, or that somebody changed company."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from customers.models import Affiliation, Contact, Customer, Identity
from customers.people import Company, Person


@dataclass(frozen=True, slots=True)
class Move:
    """Events of `contact` that stand at a provisional customer go to another; elsewhere they change contact only."""

    contact: int
    to_contact: int
    provisional: int | None
    to_customer: int | None
    to_identity: int | None
    elsewhere: tuple[int, ...] = ()


@dataclass(slots=True)
class Moving:
    """The people a batch merges, each into another, and those who join a company: left the one, entered the other."""

    merged: list[tuple[Person, Person]] = field(default_factory=list)
    joined: list[tuple[Person, Company, Company]] = field(default_factory=list)

    def settled(self, person: Person) -> Person:
        """Return the person this one was merged into by a later message, else itself."""
        for merged, into in self.merged:
            if merged is person:
                return self.settled(into)
        return person

    def customers(self) -> set[int]:
        """Return the stored customers whose people or history this batch repoints."""
        moving: set[int] = set()
        for person, into in self.merged:
            if person.id is not None:
                moving |= {company.id for company in (person.company, into.company) if company.id}
        for person, *companies in self.joined:
            if person.id is not None:
                moving |= {company.id for company in companies if company.id}
        return moving

    def moves(self) -> list[Move]:
        """Return the moves of history that the merges and joins lead to; none for people who are new."""
        moves = []
        for person, into in self.merged:
            if person.id is not None and into.id is not None:
                moves.append(self._move(person.id, person.company, into, self._past_of(into)))
        for person, left, entered in self.joined:
            if person.id is not None and left.provisional and left.id is not None:
                moves.append(self._move(person.id, left, person, entered))
        return moves

    def _past_of(self, person: Person) -> Company:
        """Return where the person's history stands: not where a group call of this batch takes them next."""
        for someone, left, entered in self.joined:
            if someone is person:
                return entered if left.provisional else left
        return person.company

    def _move(self, contact: int, left: Company, to: Person, company: Company) -> Move:
        elsewhere = set(Affiliation.objects.filter(contact=contact).values_list("customer_id", flat=True))
        if left.id is not None and not left.provisional:
            elsewhere.add(left.id)
        return Move(
            contact=contact,
            to_contact=to.id or contact,
            provisional=left.id if left.provisional else None,
            to_customer=company.id,
            to_identity=None if company.provisional else company.identity,
            elsewhere=tuple(sorted(elsewhere)),
        )

    def repoint(self) -> None:
        """Write the merges and joins: identities, the contacts' customers, and where else they have events."""
        for person, into in self.merged:
            if person.id is not None:
                Identity.objects.filter(contact=person.id).update(contact=into.id)
                elsewhere = {row.customer_id for row in Affiliation.objects.filter(contact=person.id)}
                if person.company.id is not None and not person.company.provisional:
                    elsewhere.add(person.company.id)
                note_elsewhere([(into.id or 0, customer) for customer in elsewhere - {into.company.id}])
        for person, left, _ in self.joined:
            if person.id is not None and person.row is None:
                Contact.objects.filter(pk=person.id).update(customer=person.company.id, joined_at=person.joined_at)
                if left.id is not None and not left.provisional and left is not person.company:
                    note_elsewhere([(person.id, left.id)])


def drop_emptied(moves: Iterable[Move]) -> None:
    """Delete the contacts and provisional customers whose history has moved away."""
    moves = list(moves)
    Contact.objects.filter(pk__in=[m.contact for m in moves if m.contact != m.to_contact]).delete()
    Customer.objects.filter(
        # Only while it is empty: another contact may have come to it meanwhile.
        pk__in=[m.provisional for m in moves if m.provisional],
        provisional=True,
        contacts=None,
    ).delete()


def note_elsewhere(pairs: Iterable[tuple[int, int]]) -> None:
    """Remember at which customers, other than their present one, contacts have events."""
    rows = [Affiliation(contact_id=contact, customer_id=customer) for contact, customer in sorted(set(pairs))]
    if rows:
        Affiliation.objects.bulk_create(rows, ignore_conflicts=True)
