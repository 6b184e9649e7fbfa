"""The portfolio's figures as a CSV file."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import csv_file
from desk.portfolio import page
from desk.portfolio.filters import PortfolioFilter
from desk.portfolio.lines import lines
from staff.requests import StaffRequest

HEAD = ("figure", "name", "customers", "revenue_a_month", "currency", "value_unknown", "customers_query", "mean_health")


@require_safe
def export(request: StaffRequest) -> HttpResponse:
    """Export what the page shows, all groups; 404 for a filter that is not valid."""
    if not request.user.may_act:
        raise PermissionDenied
    today = business_day(timezone.now())
    filterset = PortfolioFilter(request.GET, queryset=page.visible(request.user))
    if not filterset.is_valid():
        raise Http404
    rows = (
        (*line[:4], settings.BASE_CURRENCY, line.unknown, line.query, line.health)
        for line in lines(page.load(filterset, today))
    )
    return csv_file.respond([HEAD, *rows], filename=f"portfolio-{today.isoformat()}.csv")
