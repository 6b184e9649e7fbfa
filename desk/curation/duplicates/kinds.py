"""The two kinds of duplicates, as the pages show them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.finding import likeness
from customers.finding.likeness import Sought
from customers.models import Contact, Customer
from desk.contacts.activity import with_last_active
from staff.models import User


@dataclass(frozen=True, slots=True)
class Kind:
    name: str  # also of the addresses: duplicate-customers, apart-customers …
    title: Any
    model: type[Any]
    sought: Sought

    @property
    def proposed_page(self) -> str:
        return f"desk:duplicate-{self.name}"

    @property
    def apart_page(self) -> str:
        return f"desk:apart-{self.name}"

    def visible_to(self, user: User) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.visible_to(user).known()
        return rows

    def load(self, pks: Collection[int], today: date) -> Mapping[int, Any]:
        """Return the rows with what the page shows of them. One query."""
        rows = self.model.objects.filter(pk__in=pks)
        if self.model is Contact:
            rows = with_last_active(rows, today).select_related("customer").defer("traits", "customer__attributes")
        else:
            rows = rows.select_related("score", "owner").defer("attributes")
        return {row.pk: row for row in rows}

    def told_apart(self, user: User) -> QuerySet[Any]:
        """Return the pairs of whom the colleague sees both."""
        visible = self.visible_to(user).order_by().values("pk")
        pairs: QuerySet[Any] = self.sought.apart._default_manager.filter(first__in=visible, second__in=visible)
        return pairs


CUSTOMERS = Kind("customers", _("Customers"), Customer, likeness.CUSTOMERS)
CONTACTS = Kind("contacts", _("Contacts"), Contact, likeness.CONTACTS)
