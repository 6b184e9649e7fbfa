"""Pages by keyset: "the rows after this one", which costs the same on page 1 and on page 1,000.

A cursor is the sort key of the last row shown, signed: nobody can make one up, and one made for another
order is refused. Rows added or removed meanwhile neither repeat nor hide others.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)
SIZE = 50  # rows


class BadCursor(BadRequest):
    """A cursor that is not ours, or belongs to another order. Answered with 400."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sort key, as an ORM path; where it may be null, nulls come last in both directions."""

    path: str
    descending: bool = False
    nullable: bool = False

    def order(self) -> OrderBy:
        last = True if self.nullable else None
        column = F(self.path)
        return column.desc(nulls_last=last) if self.descending else column.asc(nulls_last=last)

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Any) -> Q | None:
        """Return what comes after the value in this column alone; None when nothing can."""
        if value is None:
            return None
        further = Q(**{f"{self.path}__{'lt' if self.descending else 'gt'}": value})
        return further | Q(**{f"{self.path}__isnull": True}) if self.nullable else further

    def not_before(self, value: Any) -> Q:
        """Return the bound that lets an index on this column start in the right place."""
        return Q() if self.nullable else Q(**{f"{self.path}__{'lte' if self.descending else 'gte'}": value})

    def value_in(self, row: Model) -> Any:
        """Return the row's value along the path; None when a link of it is missing."""
        value: Any = row
        for name in self.path.split("__"):
            value = getattr(value, name, None)
        return value


@dataclass(frozen=True, slots=True)
class Keyset:
    """A total order: the last column is unique and never null."""

    columns: tuple[Column, ...]

    def after(self, values: list[Any]) -> Q:
        """Return the condition "comes after these values": beyond in one column, equal in all before it."""
        alternatives, same = [], Q()
        for column, value in zip(self.columns, values, strict=True):
            further = column.beyond(value)
            if further is not None:
                alternatives.append(same & further)
            same &= column.equal(value)
        # The bound says nothing new, but PostgreSQL starts an index scan by it and not by alternatives.
        return self.columns[0].not_before(values[0]) & reduce(or_, alternatives)

    def position(self, cursor: str) -> list[Any]:
        """Return the sort key of the last row of the page before, as JSON holds it. Raises BadCursor."""
        return _read(self, cursor)

    def cursor(self, row: Model) -> str:
        return _signer(self).sign_object([_plain(column.value_in(row)) for column in self.columns], compress=True)

    def rows(self, queryset: QuerySet[M], cursor: str | None, limit: int) -> list[M]:
        """Return the rows after the cursor, in order. One query. Raises BadCursor."""
        ordered = queryset.order_by(*(column.order() for column in self.columns))
        if cursor:
            ordered = ordered.filter(self.after(_read(self, cursor)))
        return list(ordered[:limit])


@dataclass(frozen=True, slots=True)
class KnownFirst:
    """An order by one column that may be null, or whose table may have no row; what is unknown comes last, by pk.

    "Nulls last" fits an index in one direction only, and a left join none at all. So the known and the unknown
    are asked for apart, in one statement: each walks an index and stops at the limit.
    """

    path: str
    descending: bool = False

    @property
    def columns(self) -> tuple[Column, Column]:
        return Column(self.path, self.descending, nullable=True), Column("pk", self.descending)

    def cursor(self, row: Model) -> str:
        return _signer(self).sign_object([_plain(column.value_in(row)) for column in self.columns], compress=True)

    def rows(self, queryset: QuerySet[M], cursor: str | None, limit: int) -> list[M]:
        """Return the rows after the cursor, in order. Two queries: of keys, then of rows. Raises BadCursor."""
        bare = queryset.order_by()
        first, *more = [part.values_list("pk", flat=True)[:limit] for part in self._parts(bare, cursor)]
        # UNION ALL gives its parts one after the other, and stops at the limit.
        pks = list(first.union(*more, all=True)[:limit] if more else first)
        rows = {row.pk: row for row in bare.filter(pk__in=pks)}
        return [rows[pk] for pk in pks if pk in rows]

    def _parts(self, queryset: QuerySet[M], cursor: str | None) -> list[QuerySet[M]]:
        """Return the known after the cursor, unless it is past them, and the unknown after it."""
        value, pk = _read(self, cursor) if cursor else (None, None)
        by_pk, by_value = Column("pk", self.descending), Column(self.path, self.descending)
        known = queryset.filter(**{f"{self.path}__isnull": False}).order_by(by_value.order(), by_pk.order())
        unknown = queryset.filter(**{f"{self.path}__isnull": True}).order_by(by_pk.order())
        if not cursor:
            return [known, unknown]
        if value is None:
            return [unknown.filter(Keyset((by_pk,)).after([pk]))]
        return [known.filter(Keyset((by_value, by_pk)).after([value, pk])), unknown]


Order = Keyset | KnownFirst


def _read(order: Order, cursor: str) -> list[Any]:
    """Return the sort key in the cursor. Raises BadCursor."""
    try:
        values: list[Any] = _signer(order).unsign_object(cursor)
    except (signing.BadSignature, ValueError):
        raise BadCursor(_("This link to a page does not work. Start again from the first page.")) from None
    return values


def _signer(order: Order) -> signing.Signer:
    # The order is in the salt: a cursor of another one has a wrong signature.
    return signing.Signer(salt=f"page {order.columns}")


def _plain(value: Any) -> Any:
    """Return what JSON can hold and the ORM reads back exactly."""
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    rows: list[M]
    next_cursor: str | None
    is_first: bool


def page(queryset: QuerySet[M], order: Order, cursor: str | None, size: int = SIZE) -> Page[M]:
    """Return the rows after the cursor, in order. As many queries as the order needs. Raises BadCursor."""
    # One more than is shown, to know whether there is a next page without counting.
    rows = order.rows(queryset, cursor, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, order.cursor(rows[-1]) if more else None, is_first=not cursor)
