"""The page on which conditions are put together: rows, how many they find while one types, saving them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.db import patience
from core.web.htmx import render_part
from customers import segments
from customers.models import Customer, Segment
from customers.models.customer import CustomerQuerySet
from customers.segments import rule
from customers.segments.conditions import kinds
from desk.list.filters import ALL_BUT_ARCHIVED
from desk.list.list_filter import ListFilter, as_segment
from desk.list.segments.draft import Draft
from desk.list.segments.pages import SegmentForm
from staff.models import User
from staff.requests import StaffRequest

MANY, NAMED = 1_000, 5
PATIENCE = 2  # seconds a count while typing may take


@require_http_methods(["GET", "HEAD", "POST"])
def conditions(request: StaffRequest) -> HttpResponse:
    """Build the conditions of a filter, or of a segment that the colleague may change."""
    data = request.POST if request.method == "POST" else request.GET
    segment = _segment(request.user, data.get("segment"))
    if request.method != "POST":
        query = {"stage": ALL_BUT_ARCHIVED, **segment.query} if segment else _query(request.GET)
        return _page(request, _opened(query), _rest(query), segment)
    draft, rest, act = Draft.posted(request.POST), _query(QueryDict(request.POST.get("query", ""))), data.get("do", "")
    draft.act(act, request.POST)
    if act in ("show", "save") and (answer := _carried_out(request, draft, _rest(rest), segment, act)):
        return answer
    return _page(request, draft, _rest(rest), segment, judged=act in ("show", "save"))


def _segment(user: User, pk: str | None) -> Segment | None:
    if not pk:
        return None
    number = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    return get_object_or_404(Segment.objects.editable_by(user), pk=number)


def _query(data: QueryDict) -> dict[str, Any]:
    """Return the list's parameters among these, as a segment keeps them."""
    return ListFilter(data, queryset=Customer.objects.none()).query


def _rest(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if name != rule.PARAMETER}


def _opened(query: dict[str, Any]) -> Draft:
    try:
        return Draft.of_rule(rule.parse(text) if (text := query.get(rule.PARAMETER)) else None)
    except ValidationError:
        return Draft()  # of a rule that is valid no longer nothing can be shown as rows


def _carried_out(
    request: StaffRequest, draft: Draft, rest: dict[str, Any], segment: Segment | None, act: str
) -> HttpResponse | None:
    """Show the customers, or save; None when something is wrong, which the page then says."""
    try:
        query = rest if draft.is_empty else {**rest, rule.PARAMETER: str(rule.from_tree(draft.tree))}
    except ValidationError:
        return None
    if not ListFilter(query, queryset=Customer.objects.none()).is_valid():
        return None
    if act == "save":
        if not query:
            messages.error(request, _("Choose at least one filter."))
            return None
        if segment is not None:
            segments.change(segment, query=as_segment(query), now=timezone.now())
        else:
            form = SegmentForm(request.POST, by=request.user)
            if not form.is_valid():
                return None
            shared = form.cleaned_data.get("is_shared", False)
            segment = segments.save(
                form.cleaned_data["name"], as_segment(query), is_shared=shared, by=request.user, now=timezone.now()
            )
        messages.success(request, _("Saved as “%(name)s”.") % {"name": segment.name})
    return redirect(f"{reverse('desk:customers')}?{urlencode(query, doseq=True)}")


def _page(
    request: StaffRequest, draft: Draft, rest: dict[str, Any], segment: Segment | None, *, judged: bool = False
) -> HttpResponse:
    is_count = request.POST.get("do") == "count"
    context: dict[str, Any] = {
        "segment": segment,
        "query": urlencode(rest, doseq=True),
        "rest": _words(rest),
        "is_empty": draft.is_empty,
        "judged": judged,
        "found": _found(draft, rest, request.user),
    }
    if not is_count:
        form = SegmentForm(request.POST if judged and request.POST.get("do") == "save" else None, by=request.user)
        context |= {"root": draft.rows(), "joins": rule.JOINS.items(), "form": form}
        # Pairs, since a template would call a class, and so make a form with its queries.
        context["kinds"] = [(name, kind.label) for name, kind in kinds().items()]
    return render_part(request, "desk/list/segments/conditions.html", "count" if is_count else "builder", context)


def _words(rest: dict[str, Any]) -> list[str]:
    """Say which other filters are in force."""
    if not rest:
        return []
    form = ListFilter(rest, queryset=Customer.objects.none())
    return [
        f"{field.label}: {dict(getattr(field.field, 'choices', ())).get(field.value(), field.value())}"
        for field in form.form
        if field.name in rest and field.name not in form.listing
    ]


def _found(draft: Draft, rest: dict[str, Any], user: User) -> dict[str, Any]:
    """Return how many the conditions find of those the colleague sees, and five names; or why that is not known."""
    try:
        parsed = None if draft.is_empty else rule.from_tree(draft.tree)
    except ValidationError as error:
        return {"problems": error.messages}
    query = rest | ({rule.PARAMETER: str(parsed)} if parsed else {})
    customers = segments.matching(as_segment(query), Customer.objects.visible_to(user).known())
    try:
        with patience.at_most(PATIENCE):
            return {"sentence": parsed.sentence() if parsed else "", **_counted(customers)}
    except patience.TookTooLong:
        return {"is_slow": True}


def _counted(customers: CustomerQuerySet) -> dict[str, Any]:
    names = list(customers.order_by("name", "pk").values_list("name", flat=True)[:NAMED])
    count = customers.order_by()[: MANY + 1].count()
    return {"names": names, "count": count, "many": MANY, "others": min(count, MANY) - len(names)}
