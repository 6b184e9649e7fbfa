"""Contacts made in a period: calls, meetings and mails with the customers of a portfolio."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from core.pagination import Column, Keyset
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from records.models import Note
from records.notes import contacts_made

NEWEST_FIRST = Keyset((Column("at", descending=True), Column("customer_id"), Column("id")))


@dataclass(frozen=True, slots=True)
class ContactsMade:
    """How many there were of each kind, and with how many customers."""

    by_kind: dict[str, int]
    customers: int

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


def notes(customers: CustomerQuerySet, first: date) -> QuerySet[Note]:
    """Return the contacts with customers on trial or active from a day on."""
    followed = customers.order_by().filter(stage__in=Stage.followed())
    return contacts_made(first).filter(customer__in=followed)


def count(customers: CustomerQuerySet, first: date) -> ContactsMade:
    """Two queries."""
    found = notes(customers, first).order_by()
    by_kind = dict(found.values_list("kind").annotate(n=Count("*")))
    return ContactsMade(by_kind, found.aggregate(n=Count("customer", distinct=True))["n"])
