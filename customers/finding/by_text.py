"""Finding customers and contacts by what people remember: a name, a domain, an address, an id, who works there.

Whoever contains what was typed is found. Only where nobody does are those found who nearly do, but for a slip of who
typed (docs/decisions/0048-search.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from core.db import search
from core.names.folding import fold_id
from core.pagination import Column, Keyset
from customers.models import Contact, Customer, Identity, IdentityKind
from customers.models.contact import ContactQuerySet
from customers.models.customer import CustomerQuerySet

R = TypeVar("R", bound=QuerySet[Any])

MOST_NEARLY = 50
_LEAST_OF_ID = 3  # signs: fewer begin too many ids
_MOST_IDS = 500  # that begin so; whoever types more of an id finds it
_WHOLE = (IdentityKind.RAPPORT, IdentityKind.EMAIL)  # found as they are, by kind: so the identities' index begins


class Fit(IntEnum):
    """How well one fits what was typed, the best first."""

    WHOLE = 0  # it is the name, the domain, the address or an id
    BEGINS = 1  # one of these begins so
    CONTAINS = 2
    ELSEWHERE = 3  # a contact of the customer fits


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """Who fits what was typed; `is_nearly`: nobody does, and these are spelt alike."""

    rows: R
    fit: Case  # a Fit for each, or its place among those spelt alike
    is_nearly: bool

    @property
    def best_first(self) -> "BestFirst":
        return BestFirst((Column("fit"), Column("name"), Column("pk")), self.fit)


@dataclass(frozen=True, slots=True)
class BestFirst(Keyset):
    """The order by fit, then by name; rows get their `fit`."""

    fit: Case

    def rows(self, queryset: QuerySet[Any], cursor: str | None, limit: int) -> list[Any]:
        # Not `super()`: a dataclass with slots is another class than the one this was written in.
        return Keyset.rows(self, queryset.annotate(fit=self.fit), cursor, limit)


def customers(
    rows: CustomerQuerySet, text: str, *, by_contact: bool = True, is_forgiving: bool = True
) -> Found[CustomerQuerySet]:
    """Find customers among the rows by name, domain and ids, and by their contacts. Four queries at most.

    None where not `is_forgiving`: then nobody is found who only nearly fits.
    """
    ids = _named(text)
    named = [row.customer_id for row in ids if row.customer_id]
    parts = [_own(Customer, text), Customer.objects.filter(pk__in=named).order_by().values_list("pk", flat=True)]
    if by_contact:
        people = [row.contact_id for row in ids if row.contact_id]
        standing = Contact.objects.standing().order_by()
        parts += [
            some.values_list("customer_id", flat=True)
            for some in (standing.filter(search.contains("search", text)), standing.filter(pk__in=people))
        ]
    # A union, not an OR: each part walks its own index.
    held = rows.filter(pk__in=parts[0].union(*parts[1:]))
    if not is_forgiving or held.order_by().exists():
        return Found(held, _fit(text, [row for row in ids if row.customer_id], "customer_id"), is_nearly=False)
    near = search.nearly(rows.order_by(), text)
    if by_contact:
        people_there = Contact.objects.standing().filter(customer__in=rows.order_by().values("pk"))
        near += search.nearly(people_there, text, key="customer_id")
    return _nearly(rows, near)


def contacts(rows: ContactQuerySet, text: str) -> Found[ContactQuerySet]:
    """Find contacts among the rows by name, e-mail, user id and known address. Three queries at most."""
    ids = [row for row in _named(text) if row.contact_id]
    named = Contact.objects.filter(pk__in=[row.contact_id for row in ids]).order_by().values_list("pk", flat=True)
    held = rows.filter(pk__in=_own(Contact, text).union(named))
    if held.order_by().exists():
        return Found(held, _fit(text, ids, "contact_id"), is_nearly=False)
    return _nearly(rows, search.nearly(rows.order_by(), text))


def _own(model: type[Any], text: str) -> QuerySet[Any]:
    return model._default_manager.filter(search.contains("search", text)).order_by().values_list("pk", flat=True)


def _named(text: str) -> list[Identity]:
    """Return ids that are the text, however it is spelt, or begin with it. One query.

    Read, and not joined: a plan that takes them for many would go through all of them for each row.
    """
    folded, ids = fold_id(text), Identity.objects.only("search", "customer", "contact").order_by()
    typed = Q(search__startswith=folded) if len(folded) >= _LEAST_OF_ID else Q(search=folded)
    as_is = ids.filter(kind__in=_WHOLE, value=text.strip().lower())
    return list(ids.filter(typed)[:_MOST_IDS].union(as_is) if folded else as_is)


def _fit(text: str, ids: Sequence[Identity], of: str) -> Case:
    folded = fold_id(text)
    begun = {getattr(row, of) for row in ids}
    whole = {getattr(row, of) for row in ids if row.search in (folded, None)}
    return Case(
        When(search.is_line("search", text) | Q(pk__in=whole), then=Value(int(Fit.WHOLE))),
        When(search.begins("search", text) | Q(pk__in=begun), then=Value(int(Fit.BEGINS))),
        When(search.contains("search", text), then=Value(int(Fit.CONTAINS))),
        default=Value(int(Fit.ELSEWHERE)),
        output_field=IntegerField(),
    )


def _nearly(rows: R, pks: Sequence[Any]) -> Found[R]:
    few = [*dict.fromkeys(pks)][:MOST_NEARLY]
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(few)]
    return Found(rows.filter(pk__in=few), Case(*places, default=Value(0), output_field=IntegerField()), bool(few))


def who_matched(rows: Sequence[Customer], text: str) -> dict[int, Contact]:
    """Return customer → the contact by whom it was found, where its own names are not what was typed. One query."""
    asked = [row.pk for row in rows if not search.fits(text, row.search or "")]
    if not asked:
        return {}
    people = Contact.objects.standing().filter(search.contains("search", text), customer__in=asked)
    return {person.customer_id: person for person in people.only("name", "email", "customer").order_by("-pk")}
