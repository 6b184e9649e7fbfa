"""The customer list."""

from collections.abc import Sequence
from datetime import date
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
from desk.list import groups, lines, list_columns, sums
from desk.list.bulk import ACTS
from desk.list.list_filter import MANY, ListFilter
from staff.models import User
from staff.requests import StaffRequest


@require_safe
def customer_list(request: StaffRequest) -> HttpResponse:
    today = business_day(timezone.now())
    visible = Customer.objects.visible_to(request.user).known()
    filterset = ListFilter(request.GET, queryset=visible, today=today)
    few = sums.of_few(filterset.qs)
    context: dict[str, Any] = {
        "sums": few,
        # Of many, counting who left as well would take longer than all else on the page.
        "left_out": None if few is None else filterset.left_out(),
        "many": MANY,
        "may_act": request.user.may_act,
        "acts": ACTS.items(),
        "base_currency": settings.BASE_CURRENCY,
        **_filter_context(filterset),
        **_segments(request, filterset),
    }
    if filterset.group_by:
        found = groups.load(filterset)
        context |= {"groups": found[: groups.MOST_SHOWN], "more": max(len(found) - groups.MOST_SHOWN, 0)}
        context["by"] = dict(filterset.groups_offered)[filterset.group_by]
    else:
        context |= _rows(request, filterset, today)
    return render_part(request, "desk/list/list.html", "found", context)


def _rows(request: StaffRequest, filterset: ListFilter, today: date) -> dict[str, Any]:
    page = pagination.page(lines.prepared(filterset.qs, filterset, today), filterset.keyset, request.GET.get("cursor"))
    columns = filterset.columns_shown
    loaded = lines.load(page.rows, columns, today, _who_matched(filterset, page.rows))
    writer = lines.Writer(columns, may_act=request.user.may_act)
    return {"page": page, "columns": columns, "rows": [writer.row(line) for line in loaded]}


def _who_matched(filterset: ListFilter, rows: Sequence[Customer]) -> dict[int, Contact]:
    """Return customer → the contact by whom it was found. One query where somebody was searched for, else none."""
    if not filterset.is_valid() or not filterset.found or filterset.found.is_nearly:
        return {}
    return by_text.who_matched(rows, filterset.cleaned_data["q"])


def _filter_context(filterset: ListFilter) -> dict[str, Any]:
    """Return what the page's forms send along: the filters, and apart from them the columns."""
    pairs = [
        (name, text)
        for name, value in filterset.query.items()
        for text in (value if isinstance(value, list) else [value])
    ]
    return {
        "filter": filterset,
        "all_columns": [*list_columns.ALL, *filterset.attribute_columns],
        "columns_chosen": [column.name for column in filterset.columns_shown],
        "filter_pairs": [pair for pair in pairs if pair[0] != "columns"],
        "column_pairs": [pair for pair in pairs if pair[0] == "columns"],
        "filter_query": urlencode(pairs),
        "chips": [
            (label, words, urlencode([pair for pair in pairs if pair[0] != name]))
            for name, label, words in filterset.folded_in_use
        ],
    }


def _segments(request: StaffRequest, filterset: ListFilter) -> dict[str, Any]:
    visible = list(Segment.objects.visible_to(request.user))
    return {
        "segments": visible,
        "segment": segments.same(visible, filterset.as_segment),
        "quick": _quick(request.user),
    }


def _quick(user: User) -> list[tuple[str, str]]:
    """Return the segments that everybody has: (label, query)."""
    return [
        (_("Mine"), f"owner={user.pk}"),
        (_("Biggest drops"), "sort=engagement_change_30"),
        (_("Renewing soon"), "renews_within=90&sort=renewal"),
    ]
