"""The portfolio's pages: figures, shares over time, contacts made, tasks overdue."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.web.htmx import render_part
from desk.list.filters import CustomerFilter
from desk.portfolio import contacts, overdue, page, shares
from desk.portfolio.contacts import ContactsFilter
from desk.portfolio.figures import BANDS
from desk.portfolio.filters import PortfolioFilter
from desk.portfolio.groups import MOST
from desk.portfolio.renewals import CATEGORIES
from scoring.models import ScoringModel
from staff.requests import StaffRequest


@require_safe
def portfolio(request: StaffRequest) -> HttpResponse:
    today = business_day(timezone.now())
    visible = page.visible(request.user)
    filterset = PortfolioFilter(request.GET, queryset=visible)
    context: dict[str, Any] = {"filter": filterset, "today": today, "most": MOST, "query": query_of(filterset)}
    context |= {"bands": BANDS, "categories": CATEGORIES}
    if not filterset.is_valid():
        return render(request, "desk/portfolio/portfolio.html", context)
    loaded = page.load(filterset, today)
    points = page.load_shares(filterset, request.user, today)
    context |= {
        "portfolio": loaded,
        "has_model": ScoringModel.objects.current() is not None,
        "is_empty": not loaded.figures.cells and not visible.exists(),
        "shares": None if points is None else shares.chart(points, today),
    }
    return render(request, "desk/portfolio/portfolio.html", context)


@require_safe
def shares_over_time(request: StaffRequest) -> HttpResponse:
    """Show the shares over time of however many customers; the page loads this where they are many."""
    today = business_day(timezone.now())
    filterset = PortfolioFilter(request.GET, queryset=page.visible(request.user))
    points = page.load_shares(filterset, request.user, today, however_many=True) or []
    context = {"filter": filterset, "shares": shares.chart(points, today), "query": query_of(filterset)}
    return render_part(request, "desk/portfolio/shares.html", "chart", context)


@require_safe
def contacts_made(request: StaffRequest) -> HttpResponse:
    """List the contacts of the period, the latest first."""
    today = business_day(timezone.now())
    filterset = ContactsFilter(request.GET, queryset=page.visible(request.user))
    first = filterset.first_day(today) if filterset.is_valid() else today
    rows = filterset.made(first).select_related("customer", "author", "contact")
    context = {
        "filter": filterset,
        "first": first,
        "page": pagination.page(rows, contacts.NEWEST_FIRST, request.GET.get("cursor")),
        "query": urlencode({name: value for name, value in filterset.query.items() if name != "purpose"}),
    }
    return render(request, "desk/portfolio/contacts.html", context)


@require_safe
def overdue_tasks(request: StaffRequest) -> HttpResponse:
    """List the open tasks that were due before today, of the customers whom a filter of the list selects."""
    today = business_day(timezone.now())
    filterset = CustomerFilter(request.GET, queryset=page.visible(request.user), is_forgiving=False)
    rows = overdue.tasks(filterset.qs, today).with_people()
    context = {
        "filter": filterset,
        "today": today,
        "page": pagination.page(rows, overdue.LONGEST_FIRST, request.GET.get("cursor")),
        "query": urlencode(filterset.query),
    }
    return render(request, "desk/portfolio/overdue.html", context)


def query_of(filterset: PortfolioFilter) -> str:
    """Return the filters as sent, for links to the same portfolio."""
    return urlencode(filterset.query)
