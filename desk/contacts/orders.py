"""The orders of the list of contacts. What is unknown comes last in all of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.pagination import Column, Keyset, KnownFirst, M, Order
from desk.contacts.activity import first_day
from events.models import ActiveNow

ORDER_WORDS = {
    "name": _("Name, A to Z"),
    "-name": _("Name, Z to A"),
    "customer": _("Customer, A to Z"),
    "-customer": _("Customer, Z to A"),
    "-last_active": _("Last active, most recent first"),
}
LATELY = 31  # days


@dataclass(frozen=True, slots=True)
class LastActive(KnownFirst):
    """The most recently active first. The last active day stands in no column: active days are grouped for it.

    Those of the last month first, in which a page nearly always ends; only then those of the rest of the year, and
    those who were not active in it. The other way round all of them would have to be grouped, so there is no such
    order.
    """

    today: date = date.max

    def rows(self, queryset: QuerySet[M], cursor: str | None, limit: int) -> list[M]:
        """Return the rows after the cursor, in order. Two queries: of keys, then of rows. Raises BadCursor."""
        bare = queryset.order_by()
        first, *more = [part[:limit] for part in self._parts(bare, cursor)]
        # UNION ALL gives its parts one after the other, and begins none when it has enough.
        pks = list(first.union(*more, all=True)[:limit] if more else first)
        rows = {row.pk: row for row in bare.filter(pk__in=pks)}
        return [rows[pk] for pk in pks if pk in rows]

    def _parts(self, queryset: QuerySet[M], cursor: str | None) -> list[QuerySet[Any]]:
        value, pk = Keyset(self.columns).position(cursor) if cursor else (None, None)
        lately, year = self.today - timedelta(days=LATELY - 1), first_day(self.today)
        unknown = self._quiet_since(queryset, year)
        if cursor and value is None:
            return [unknown.filter(pk__lt=pk).order_by("-pk").values_list("pk", flat=True)]
        beyond = Q(last__lt=value) | Q(last=value, contact__lt=pk) if cursor else Q()
        parts = [
            self._active_since(self._quiet_since(queryset, lately), year).filter(beyond),
            unknown.order_by("-pk"),
        ]
        if value is None or date.fromisoformat(value) >= lately:
            parts.insert(0, self._active_since(queryset, lately).filter(beyond))
        return [part.values_list("pk" if part.model is queryset.model else "contact", flat=True) for part in parts]

    @staticmethod
    def _active_since(queryset: QuerySet[M], day: date) -> QuerySet[Any]:
        days = ActiveNow.objects.filter(day__gte=day, customer=F("contact__customer"))
        last = days.filter(contact__in=queryset.values("pk")).values("contact").annotate(last=Max("day"))
        return cast("QuerySet[Any]", last.order_by("-last", "-contact"))

    @staticmethod
    def _quiet_since(queryset: QuerySet[M], day: date) -> QuerySet[M]:
        days = ActiveNow.objects.filter(customer=OuterRef("customer"), contact=OuterRef("pk"), day__gte=day)
        return queryset.filter(~Exists(days))


def order_of(word: str, today: date) -> Order:
    """Return how an order of ORDER_WORDS pages; of rows annotated with `called` and `last_active_on`."""
    name, descending = word.removeprefix("-"), word.startswith("-")
    if name == "last_active":
        return LastActive("last_active_on", descending, today)
    if name == "customer":
        return Keyset(tuple(Column(path, descending) for path in ("customer__name", "customer_id", "pk")))
    return KnownFirst("called", descending)
