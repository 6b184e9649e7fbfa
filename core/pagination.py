"""Pages by keyset: "the rows after this one", which costs the same on page 1 and on page 1,000.

A cursor is the sort key of the last row shown, signed: nobody can make one up, and one made for another
order is refused. Rows added or removed meanwhile neither repeat nor hide others.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)
SIZE = 50


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

    def of(self, row: Model) -> Any:
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
        return self.columns[0].not_before(values[0]) & reduce(or_, alternatives)

    def cursor(self, row: Model) -> str:
        return self._signer().sign_object([_plain(column.of(row)) for column in self.columns], compress=True)

    def read(self, cursor: str) -> list[Any]:
        """Return the sort key in the cursor. Raises BadCursor."""
        try:
            values: list[Any] = self._signer().unsign_object(cursor)
        except (signing.BadSignature, ValueError):
            raise BadCursor(_("This link to a page does not work. Start again from the first page.")) from None
        return values

    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=f"page {self.columns}")


def _plain(value: Any) -> Any:
    """Return what JSON can hold and the ORM reads back exactly."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    rows: list[M]
    next_cursor: str | None
    is_first: bool


def page(queryset: QuerySet[M], keyset: Keyset, cursor: str | None, size: int = SIZE) -> Page[M]:
    """Return the rows after the cursor, in the keyset's order. One query. Raises BadCursor."""
    ordered = queryset.order_by(*(column.order() for column in keyset.columns))
    if cursor:
        ordered = ordered.filter(keyset.after(keyset.read(cursor)))
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, keyset.cursor(rows[-1]) if more else None, is_first=not cursor)
