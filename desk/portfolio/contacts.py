"""Contacts made in a period: calls, meetings and mails with the customers of a portfolio, and what they were for."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from core.pagination import Column, Keyset
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from desk.portfolio.filters import PortfolioFilter
from records.models import Note
from records.notes import contacts_made

UNSAID = "unsaid"  # nobody said what it was for
NEWEST_FIRST = Keyset((Column("at", descending=True), Column("customer_id"), Column("id")))


@dataclass(frozen=True, slots=True)
class ContactsMade:
    """How many there were of each kind and for each purpose, and with how many customers."""

    by_kind: dict[str, int]
    by_purpose: dict[str, int]
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
    by_kind: Counter[str] = Counter()
    by_purpose = Counter(dict.fromkeys((*Note.Purpose.values, UNSAID), 0))
    for kind, purpose, number in found.values_list("kind", "purpose").annotate(n=Count("*")):
        by_kind[kind] += number
        by_purpose[purpose or UNSAID] += number
    customers_reached = found.aggregate(n=Count("customer", distinct=True))["n"]
    return ContactsMade(dict(by_kind), dict(by_purpose), customers_reached)


class ContactsFilter(PortfolioFilter):
    """The portfolio's filters, and what the contacts with these customers were for."""

    purpose = ChoiceFilter(
        label=_("Purpose"),
        method="leave",
        choices=[*Note.Purpose.choices, (UNSAID, _("Not said"))],
        empty_label=_("Any"),
    )

    listing: ClassVar = frozenset({*PortfolioFilter.listing, "purpose"})

    def leave(self, queryset: Any, name: str, value: str) -> Any:
        """Select no customers: `made` selects the contacts with them."""
        return queryset

    def made(self, first: date) -> QuerySet[Note]:
        """Return the contacts from a day on; none for a filter that is not valid."""
        found = notes(self.qs, first)
        if not self.is_valid():
            return found.none()
        purpose = self.cleaned_data["purpose"]
        return found.filter(purpose="" if purpose == UNSAID else purpose) if purpose else found
