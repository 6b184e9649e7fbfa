"""People and companies as they were read: one object for each, whatever number of names they have."""

from dataclasses import dataclass, field

from customers.identities import Row
from customers.people import Company, Person


@dataclass(slots=True)
class Found:
    """By contact and customer, those that were merged into others beside the ones that count for them."""

    people: dict[int, Person] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)

    def company(self, row: Row) -> Company:
        """Return the customer that an identity names."""
        whole = self._counting_company(row)
        if row.via is None:
            return whole
        if row.via not in self.companies:
            self.companies[row.via] = Company(row.via, False, into=whole)
        return self.companies[row.via]

    def person(self, row: Row) -> Person:
        """Return the contact that an identity names."""
        assert row.contact is not None
        whole = self.people.get(row.contact)
        if whole is None:
            whole = self.people[row.contact] = Person(
                row.contact,
                self._counting_company(row),
                row.has_user and row.via is None,
                row.joined_at,
                stop_scoring=bool(row.stop_scoring),
            )
        if row.via is None:
            whole.has_user = row.has_user
            return whole
        if row.via not in self.people:
            self.people[row.via] = Person(row.via, whole.company, row.has_user, into=whole)
        return self.people[row.via]

    def _counting_company(self, row: Row) -> Company:
        company = self.companies.get(row.customer)
        if company is None:
            company = self.companies[row.customer] = Company(row.customer, row.provisional)
        return company
