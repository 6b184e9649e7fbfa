from datetime import timedelta

from django.db.models import Count, Min, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import utc_day
from core.pagination import Column, Keyset
from customers.filters import OwnerFilter
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from records.renewals import next_renewal
from scoring import signs
from scoring.models import ScoringModel
from staff.requests import StaffRequest

# The order of CustomerQuerySet.most_urgent_first, as a key to page by
URGENCY = Keyset(
    (
        Column("score__value_at_stake", descending=True, nullable=True),
        Column("score__health_fall", descending=True, nullable=True),
        Column("pk"),
    )
)
STALE_AFTER = timedelta(days=1)  # scores are renewed daily


@require_safe
def at_risk(request: StaffRequest) -> HttpResponse:
    today = utc_day(timezone.now())
    visible = Customer.objects.visible_to(request.user)
    asked = OwnerFilter(request.GET, queryset=visible.at_risk())
    found = asked.found
    rows = found.select_related("score", "owner").annotate(renews_on=next_renewal(today))
    page = pagination.page(rows, URGENCY, request.GET.get("cursor"))
    reasons = signs.reasons_of(page.rows, today=today)
    whole = found.aggregate(count=Count("pk"), stake=Sum("score__value_at_stake"), as_of=Min("score__as_of"))
    return render(
        request,
        "scoring/at_risk.html",
        {
            "filter": asked,
            "mine": str(request.user.pk),
            "page": page,
            "rows": [(customer, customer.score, reasons[customer.pk]) for customer in page.rows],
            **whole,
            "stale": whole["as_of"] is not None and today - whole["as_of"] > STALE_AFTER,
            "nobody_because": "" if page.rows else _nobody_because(visible, asked),
            "today": today,
        },
    )


def _nobody_because(visible: CustomerQuerySet, asked: OwnerFilter) -> str:
    """Name the reason for an empty list: good news must not be told where nothing was looked at."""
    if ScoringModel.objects.current() is None:
        return "no model"
    if not visible.known().exists():
        return "no customers"
    if not visible.filter(score__isnull=False).exists():
        return "no scores"
    return "asked" if asked.asks else "all well"
