"""Customers as a CSV file that any spreadsheet opens safely, and that our importer reads back."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Func, OuterRef, Subquery
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import cells, csv_file
from customers.models import Customer, Identity, IdentityKind
from customers.models.customer import CustomerQuerySet
from desk.list.list_filter import ListFilter
from staff.requests import StaffRequest

MOST = 100_000
BATCH = 2_000
MOST_ATTRIBUTES = 100  # columns

# The importer's own names, then what only we know: it leaves those alone.
FIELDS = (
    "company_id", "rapport_id", "name", "domain", "kind", "stage", "plan", "seats", "mrr", "currency", "industry",
    "country", "owner", "second_owner", "team", "tags", "parent", "parent_rapport_id", "churned_on",
)  # fmt: skip
SCORES = ("health", "health_band", "engagement", "engagement_band", "last_active_on", "renews_on")
IN_HUNDREDTHS = {"health", "engagement"}
_PATHS = {
    "owner": "owner__email",
    "second_owner": "second_owner__email",
    "team": "team__name",
    "parent": "parent_company",
    "parent_rapport_id": "parent_rapport",
    **{name: f"score__{name}" for name in SCORES},
}


@require_safe
def export(request: StaffRequest) -> StreamingHttpResponse:
    """Export all customers that the filter selects; 404 for a filter that is not valid."""
    if not request.user.may_act:
        raise PermissionDenied
    filterset = ListFilter(request.GET, queryset=Customer.objects.visible_to(request.user).known())
    if not filterset.is_valid():
        raise Http404
    return stream(filterset.qs, now=timezone.now())


def stream(customers: CustomerQuerySet, *, now: datetime) -> StreamingHttpResponse:
    """Send the first 100,000 of the customers, by id, as they are read."""
    return csv_file.stream(_cells(customers), filename=f"customers-{business_day(now).isoformat()}.csv")


def _cells(customers: CustomerQuerySet) -> Iterator[list[object]]:
    attributes = _attributes(customers)
    yield [*FIELDS, *SCORES, *(f"attributes.{name}" for name in attributes)]
    for row in _rows(customers):
        own, of_attributes = row[:-1], row[-1]
        yield [*map(_cell, (*FIELDS, *SCORES), own), *(_value(of_attributes.get(name)) for name in attributes)]


def _rows(customers: CustomerQuerySet) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in order of id, in batches: no transaction stays open while a slow reader reads."""
    paths = [_PATHS.get(name, name) for name in (*FIELDS, *SCORES)]
    ordered = customers.annotate(
        company_id=_id(IdentityKind.COMPANY, "pk"),
        rapport_id=_id(IdentityKind.RAPPORT, "pk"),
        parent_company=_id(IdentityKind.COMPANY, "parent"),
        parent_rapport=_id(IdentityKind.RAPPORT, "parent"),
    ).order_by("pk")
    last, left = 0, MOST
    while left and (
        rows := list(ordered.filter(pk__gt=last).values_list("pk", *paths, "attributes")[: min(BATCH, left)])
    ):
        yield from (row[1:] for row in rows)
        last, left = rows[-1][0], left - len(rows)


def _id(kind: IdentityKind, path: str) -> Subquery:
    # A merged customer has several: the first, as everywhere.
    named = Identity.objects.filter(kind=kind, customer=OuterRef(path)).order_by("pk")
    return Subquery(named.values("value")[:1])


def _attributes(customers: CustomerQuerySet) -> Sequence[str]:
    """Return the names of the attributes in use, in order. One query."""
    # A pass over all rows beforehand, because a CSV's head comes first.
    named = customers.order_by().annotate(attribute=Func("attributes", function="jsonb_object_keys"))
    return sorted(named.values_list("attribute", flat=True).distinct()[:MOST_ATTRIBUTES])


def _cell(name: str, value: Any) -> object:
    if name in IN_HUNDREDTHS and value is not None:
        return Decimal(value) / 100
    if name == "tags":
        return cells.joined(value)
    return _value(value)


def _value(value: Any) -> object:
    """Return an attribute as one cell: true, false, lists and objects as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else value
