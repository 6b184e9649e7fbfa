from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.at_risk import totals
from desk.at_risk.rows import URGENCY, rows_of, with_relations
from desk.list.filters import OwnerFilter
from desk.log import last_and_next
from scoring.models import ScoringModel
from staff.requests import StaffRequest
from surveys.models import Answer

SOONEST = Keyset((Column("snooze__until"), Column("pk")))
STALE_AFTER = timedelta(days=1)  # scores are renewed daily


@require_safe
def at_risk(request: StaffRequest) -> HttpResponse:
    today = business_day(timezone.now())
    visible = Customer.objects.visible_to(request.user)
    filterset = OwnerFilter(request.GET, queryset=visible.at_risk(today))
    page = pagination.page(with_relations(filterset.qs, today), URGENCY, request.GET.get("cursor"))
    return render(
        request,
        "desk/at_risk/at_risk.html",
        {
            **_shared_context(request, filterset, page, today),
            "rows": rows_of(page.rows, today, last_and_next.load([row.pk for row in page.rows])),
            "totals": totals.of_few(filterset.qs),
            "many": totals.MANY,
            "empty_because": "" if page.rows else _empty_because(visible, filterset),
            # Counted up to 100, so that the whole inbox need not be read for one number.
            "waiting": Answer.objects.visible_to(request.user).to_follow_up().owned_by(request.user)[:100].count(),
        },
    )


@require_safe
def snoozed(request: StaffRequest) -> HttpResponse:
    """Show snoozed customers at risk, those whose snooze ends first first."""
    today = business_day(timezone.now())
    filterset = OwnerFilter(request.GET, queryset=Customer.objects.visible_to(request.user).snoozed(today))
    rows = with_relations(filterset.qs, today).select_related("snooze__by")
    page = pagination.page(rows, SOONEST, request.GET.get("cursor"))
    context = {
        **_shared_context(request, filterset, page, today),
        "rows": rows_of(page.rows, today),
        "totals": totals.Totals.from_customers(filterset.qs),
    }
    return render(request, "desk/at_risk/snoozed.html", context)


def _shared_context(
    request: StaffRequest, filterset: OwnerFilter, page: pagination.Page[Customer], today: date
) -> dict[str, Any]:
    # The oldest score of the page: the list is no fresher than that.
    as_of = min((customer.score.as_of for customer in page.rows), default=None)
    return {
        "filter": filterset,
        "mine": str(request.user.pk),
        "page": page,
        "as_of": as_of,
        "stale": as_of is not None and today - as_of > STALE_AFTER,
        "today": today,
    }


def _empty_because(visible: CustomerQuerySet, filterset: OwnerFilter) -> str:
    """Name the reason for an empty list: “all well” must not be shown where nothing was scored."""
    if ScoringModel.objects.current() is None:
        return "no model"
    if not visible.known().exists():
        return "no customers"
    if not visible.filter(score__isnull=False).exists():
        return "no scores"
    return "filtered" if filterset.is_narrowing else "all well"
