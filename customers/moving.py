"""People a batch shows to be one, or to have changed company: their links, at once; their events are moved later."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import SET_NULL

from customers import change_feed
from customers.models import Affiliation, Contact, Customer, Identity
from customers.people import Company, Person


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

    def contacts(self) -> set[int]:
        """Return the stored contacts all of whose names must be held: who is repointed, and who objects with them."""
        moving = {person.id for person, *_ in [*self.merged, *self.joined] if person.id is not None}
        return moving | {into.id for into in self._newly_objecting() if into.id is not None}

    def objecting(self) -> set[int]:
        return {into.id for into in self._newly_objecting() if into.id is not None}

    def grown(self) -> set[int]:
        """Return the contacts that stored ones were merged into: answers and tickets of those are theirs now."""
        into = {self.settled(into).id for person, into in self.merged if person.id is not None}
        return {contact for contact in into if contact is not None}

    def repoint(self) -> None:
        """Write the merges and joins: identities, the contacts' customers, and where else they have events."""
        for person, into in self.merged:
            if person.id is not None:
                self._merge(person.id, person.company, self.settled(into))
        for person, left, entered in self.joined:
            if person.id is not None and person.row is None:
                Contact.objects.filter(pk=person.id).update(customer=person.company.id, joined_at=person.joined_at)
                self._leave(person, left, entered)

    def drop_folded(self) -> None:
        """Delete the contacts that were merged into others; call when these are described."""
        if not self.merged:
            return
        Contact.objects.filter(pk__in=[person.id for person, _ in self.merged if person.id is not None]).delete()

    def _newly_objecting(self) -> list[Person]:
        """Return who is settled to be somebody who objects, and does not yet themselves."""
        settled = [self.settled(into) for person, into in self.merged if person.stop_scoring]
        return [person for person in settled if not person.stop_scoring]

    def _merge(self, contact: int, company: Company, into: Person) -> None:
        Identity.objects.filter(contact=contact).update(contact=into.id)
        _take_along(contact, into)
        elsewhere = {row.customer_id for row in Affiliation.objects.filter(contact=contact)}
        if company.id is not None:
            change_feed.resettle((customer, contact) for customer in elsewhere | {company.id})
            if company.provisional:
                _merge_customer(company, self._past_of(into))
            else:
                elsewhere.add(company.id)
        note_elsewhere([(into.id or 0, customer) for customer in elsewhere - {into.company.id}])

    def _leave(self, person: Person, left: Company, entered: Company) -> None:
        if person.id is None or left.id is None:
            return
        if left.provisional:
            _merge_customer(left, entered)
            change_feed.resettle([(left.id, person.id)])
        elif left is not person.company:
            note_elsewhere([(person.id, left.id)])

    def _past_of(self, person: Person) -> Company:
        """Return where the person's history stands: not where a group call of this batch takes them next."""
        for someone, left, entered in self.joined:
            if someone is person:
                return entered if left.provisional else left
        return person.company


def _merge_customer(left: Company, into: Company) -> None:
    """Note where the history of a customer in no list goes: once, so that it is no matter when it is moved."""
    if left is not into and left.id is not None:
        Customer.objects.filter(pk=left.id, merged_into=None).update(merged_into=into.id)


def _take_along(contact: int, into: Person) -> None:
    """Let tickets, notes and answers of the contact name the other one: they would name nobody."""
    for link in Contact._meta.related_objects:
        # Models above this app: what they lose with a contact follows it.
        if link.on_delete is SET_NULL:
            rows = link.related_model._default_manager.filter(**{link.field.name: contact})
            rows.update(**{link.field.attname: into.id})


def note_elsewhere(pairs: Iterable[tuple[int, int]]) -> None:
    """Remember at which customers, other than their present one, contacts have events."""
    rows = [Affiliation(contact_id=contact, customer_id=customer) for contact, customer in sorted(set(pairs))]
    if rows:
        Affiliation.objects.bulk_create(rows, ignore_conflicts=True)
