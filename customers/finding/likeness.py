"""What two of the same kind may have in common that makes them look like one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.db import folding
from core.names.companies import SHARED_HOSTS
from customers.models import ContactsApart, CustomersApart, Kind
from customers.models.contact import CALLED


class Why(models.TextChoices):
    DOMAIN = "domain", _("same domain")
    EMAIL = "email", _("same e-mail")
    NAME = "name", _("same name")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Having the same key, and the same of the fields `within`. There must be an index of both."""

    why: Why
    key: Callable[[str], Any]  # the expression for a path's beginning: "" or "first__"
    within: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)
    nobodys: tuple[str, ...] = ()  # keys that say nothing
    # The index holds nothing of what tells who sees a row: what repeats is found among all first.
    repeats_first: bool = False

    def repeated_among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows whose key others have too; some of those may not be among the rows."""
        if not self.repeats_first:
            return self.among(rows)
        all_keys = self.among(rows.model._default_manager.all()).values("key")
        return self.among(rows).filter(key__in=all_keys.annotate(n=Count("key")).filter(n__gt=1).values("key"))

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that have a key, as `key`."""
        keyed = rows.order_by().filter(self.only).annotate(key=self.key("")).filter(key__isnull=False)
        return keyed.exclude(key__in=self.nobodys) if self.nobodys else keyed


@dataclass(frozen=True, slots=True)
class Sought:
    """One kind of duplicates: what makes them look alike, what they are called, and who was told apart."""

    likenesses: tuple[Likeness, ...]
    called: Any
    apart: type[Any]  # a kind of Apart


# A private customer has a name that others have too, and no domain: its contact's address tells.
_COMPANIES = Q(kind=Kind.COMPANY)
CUSTOMERS = Sought(
    (
        Likeness(Why.DOMAIN, lambda at: folding.host(f"{at}domain"), only=_COMPANIES, nobodys=SHARED_HOSTS),
        Likeness(Why.NAME, lambda at: folding.company_name(f"{at}name"), only=_COMPANIES),
    ),
    called=F("name"),
    apart=CustomersApart,
)
CONTACTS = Sought(
    (
        Likeness(Why.EMAIL, lambda at: F(f"{at}address"), repeats_first=True),
        Likeness(Why.NAME, lambda at: folding.full_name(f"{at}name"), within=("customer",)),
    ),
    called=Coalesce(CALLED, Value("")),
    apart=ContactsApart,
)
