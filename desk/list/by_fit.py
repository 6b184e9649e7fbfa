"""The order of a list: as chosen, else by name; whom a search found by how well they fit, unless an order is chosen."""

from typing import Any, TypeVar

from django.db.models import QuerySet

from core.filters import ClosedFilter
from core.pagination import Order
from customers.finding.by_text import Found

Q = TypeVar("Q", bound=QuerySet[Any])


class ByFit(ClosedFilter[Q]):
    """For a filter with `sort`; `named_order` says how each of its choices pages."""

    found: Found[Q] | None = None  # whom a search by text found

    def named_order(self, name: str) -> Order:
        raise NotImplementedError

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or "name" if self.is_valid() else "name"

    @property
    def is_by_fit(self) -> bool:
        """Whether somebody searched, and chose no order."""
        return self.is_valid() and self.qs is not None and bool(self.found) and not self.cleaned_data["sort"]

    @property
    def order_chosen(self) -> str:
        """The order as the page shows it; "" for the best match first."""
        return "" if self.is_by_fit else self.order

    @property
    def keyset(self) -> Order:
        """How the order pages."""
        if self.is_by_fit and self.found:
            return self.found.best_first
        return self.named_order(self.order)
