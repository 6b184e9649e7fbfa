"""Customers as a CSV file that any spreadsheet opens safely, and that our importer reads back."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Func, OuterRef, Subquery
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import cells, csv_file
from customers.models import Customer, Identity, IdentityKind
from customers.models.customer import CustomerQuerySet
from desk.list import groups
from desk.list.list_filter import ListFilter
from desk.log import last_and_next
from desk.log.last_and_next import LastAndNext
from staff.requests import StaffRequest

MOST = 100_000
BATCH = 2_000
MOST_ATTRIBUTES = 100  # columns

# The importer's own names, then what only we know: it leaves those alone.
FIELDS = (
    "company_id", "rapport_id", "name", "domain", "kind", "stage", "plan", "seats", "mrr", "currency", "industry",
    "country", "owner", "second_owner", "team", "tags", "parent", "parent_rapport_id", "churned_on",
)  # fmt: skip
SCORES = (
    "health", "health_band", "engagement", "engagement_band", "last_active_on", "renews_on", "coverage",
    "health_change_7", "health_change_30", "engagement_change_7", "engagement_change_30", "monthly_value",
)  # fmt: skip
# What is loaded for a batch of customers
LOGGED = ("last_contact", "last_contact_on", "next_task", "next_task_due_on")
IN_HUNDREDTHS = {
    "health", "engagement", "coverage", "health_change_7", "health_change_30", "engagement_change_7",
    "engagement_change_30",
}  # fmt: skip
_PATHS = {
    "owner": "owner__email",
    "second_owner": "second_owner__email",
    "team": "team__name",
    "parent": "parent_company",
    "parent_rapport_id": "parent_rapport",
    **{name: f"score__{name}" for name in SCORES},
}


@require_safe
def export(request: StaffRequest) -> HttpResponseBase:
    """Export all customers that the filter selects, or their groups; 404 for a filter that is not valid."""
    if not request.user.may_act:
        raise PermissionDenied
    filterset = ListFilter(request.GET, queryset=Customer.objects.visible_to(request.user).known())
    if not filterset.is_valid():
        raise Http404
    if filterset.group_by:
        return _groups(filterset, now=timezone.now())
    return stream(filterset.qs, now=timezone.now())


def _groups(filterset: ListFilter, *, now: datetime) -> HttpResponse:
    """Send every group with its sums, and the query of the list that shows its customers."""
    head = (
        "group", "customers", "followed", "revenue_a_month", "currency", "value_unknown", "mean_health",
        "health_known", "at_risk", "revenue_at_risk_a_month", "at_risk_value_unknown", "customers_query",
    )  # fmt: skip
    rows = (
        (
            group.label, sums.customers, sums.followed, sums.revenue if sums.valued else None, settings.BASE_CURRENCY,
            sums.unknown, None if sums.health is None else Decimal(sums.health) / 100, sums.health_known, sums.at_risk,
            None if sums.at_risk and not sums.valued_at_risk else sums.revenue_at_risk, sums.unknown_at_risk,
            group.query,
        )
        for group in groups.load(filterset)
        for sums in [group.sums]
    )  # fmt: skip
    return csv_file.respond([head, *rows], filename=f"groups-{business_day(now).isoformat()}.csv")


def stream(customers: CustomerQuerySet, *, now: datetime) -> StreamingHttpResponse:
    """Send the first 100,000 of the customers, by id, as they are read."""
    return csv_file.stream(_cells(customers), filename=f"customers-{business_day(now).isoformat()}.csv")


def _cells(customers: CustomerQuerySet) -> Iterator[list[object]]:
    attributes = _attributes(customers)
    yield [*FIELDS, *SCORES, *LOGGED, *(f"attributes.{name}" for name in attributes)]
    for row, log in _rows(customers):
        own, of_attributes = row[1:-1], row[-1]
        yield [
            *map(_cell, (*FIELDS, *SCORES), own),
            *_logged(log),
            *(_value(of_attributes.get(name)) for name in attributes),
        ]


def _logged(log: LastAndNext) -> tuple[object, ...]:
    last, task = log.last, log.next
    return (
        last and str(last.label), last and business_day(last.at), task and task.title, task and task.due_on,
    )  # fmt: skip


def _rows(customers: CustomerQuerySet) -> Iterator[tuple[tuple[Any, ...], LastAndNext]]:
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
        logs = last_and_next.load([row[0] for row in rows])
        yield from ((row, logs.get(row[0], last_and_next.NOTHING)) for row in rows)
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
