"""Customers at risk as a CSV file, in the order and with the figures of the page."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.spreadsheets import csv_file
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.at_risk.rows import URGENCY, AtRiskRow, rows_of, with_relations
from desk.list.filters import OwnerFilter
from staff.requests import StaffRequest

MOST = 100_000
BATCH = 500
HEAD = (
    "id", "name", "owner", "why", "at_risk_since", "health", "health_band", "engagement", "renews_on",
    "revenue_at_risk", "currency",
)  # fmt: skip


@require_safe
def export(request: StaffRequest) -> StreamingHttpResponse:
    """Export the first 100,000 that the filter leaves; 404 for a filter that is not valid."""
    if not request.user.may_act:
        raise PermissionDenied
    today = business_day(timezone.now())
    filterset = OwnerFilter(request.GET, queryset=Customer.objects.visible_to(request.user).at_risk(today))
    if not filterset.is_valid():
        raise Http404
    return csv_file.stream(_cells(filterset.qs, today, get_language()), filename=f"at-risk-{today.isoformat()}.csv")


def _cells(customers: CustomerQuerySet, today: date, language: str | None) -> Iterator[tuple[object, ...]]:
    """Yield the lines, in batches: no transaction stays open while a slow reader reads."""
    yield HEAD
    cursor: str | None = None
    for _ in range(MOST // BATCH):
        page = pagination.page(with_relations(customers, today), URGENCY, cursor, BATCH)
        with override(language):  # it is read once the request is over, and its language with it
            rows = rows_of(page.rows, today)
        yield from map(_line, rows)
        cursor = page.next_cursor
        if cursor is None:
            return


def _line(row: AtRiskRow) -> tuple[object, ...]:
    score, customer = row.score, row.customer
    return (
        customer.pk,
        customer.name,
        customer.owner.email if customer.owner else None,
        "; ".join(row.reasons),
        row.since,
        _points(score.health),
        score.health_band,
        _points(score.engagement),
        score.renews_on,
        score.monthly_value,
        settings.BASE_CURRENCY,
    )


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100
