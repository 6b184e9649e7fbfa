"""The customer list."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.web.htmx import render_part
from customers import segments
from customers.finding import by_text
from customers.models import Contact, Customer, Segment
from desk.list import lines, list_columns
from desk.list.bulk import ACTS
from desk.list.filters import CustomerFilter
from staff.models import User
from staff.requests import StaffRequest

MANY = 1_000  # counted exactly up to here; "more than" says enough beyond


@require_safe
def customer_list(request: StaffRequest) -> HttpResponse:
    today = business_day(timezone.now())
    visible = Customer.objects.visible_to(request.user).known()
    filterset = CustomerFilter(request.GET, queryset=visible, today=today)
    page = pagination.page(lines.prepared(filterset.qs, filterset, today), filterset.keyset, request.GET.get("cursor"))
    columns = filterset.columns_shown
    loaded = lines.load(page.rows, columns, today, _who_matched(filterset, page.rows))
    writer = lines.Writer(columns, may_act=request.user.may_act)
    return render_part(
        request,
        "desk/list/list.html",
        "found",
        {
            "page": page,
            "rows": [writer.row(line) for line in loaded],
            # Without the order, and no further than needed: counting a million takes longer than all else on the page.
            "count": filterset.qs.order_by()[: MANY + 1].count(),
            "many": MANY,
            "may_act": request.user.may_act,
            "acts": ACTS.items(),
            "today": today,
            "base_currency": settings.BASE_CURRENCY,
            **_filter_context(filterset),
            **_segments(request, filterset),
        },
    )


def _who_matched(filterset: CustomerFilter, rows: Sequence[Customer]) -> dict[int, Contact]:
    """Return customer → the contact by whom it was found. One query where somebody was searched for, else none."""
    if not filterset.is_valid() or not filterset.found or filterset.found.is_nearly:
        return {}
    return by_text.who_matched(rows, filterset.cleaned_data["q"])


def _filter_context(filterset: CustomerFilter) -> dict[str, Any]:
    """Return what the page's forms send along: the filters, and apart from them the columns."""
    pairs = [
        (name, text)
        for name, value in filterset.query.items()
        for text in (value if isinstance(value, list) else [value])
    ]
    return {
        "filter": filterset,
        "columns": filterset.columns_shown,
        "all_columns": [*list_columns.ALL, *filterset.attribute_columns],
        "filter_pairs": [pair for pair in pairs if pair[0] != "columns"],
        "column_pairs": [pair for pair in pairs if pair[0] == "columns"],
        "filter_query": urlencode(pairs),
        "chips": [
            (label, words, urlencode([pair for pair in pairs if pair[0] != name]))
            for name, label, words in filterset.folded_in_use
        ],
    }


def _segments(request: StaffRequest, filterset: CustomerFilter) -> dict[str, Any]:
    visible = list(Segment.objects.visible_to(request.user))
    return {
        "segments": visible,
        "segment": segments.same(visible, filterset.query),
        "quick": _quick(request.user),
    }


def _quick(user: User) -> list[tuple[str, str]]:
    """Return the segments that everybody has: (label, query)."""
    return [
        (_("Mine"), f"owner={user.pk}"),
        (_("Biggest drops"), "sort=engagement_change_30"),
        (_("Renewing soon"), "renews_within=90&sort=renewal"),
    ]
