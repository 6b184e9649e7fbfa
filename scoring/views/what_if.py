"""The what-if page of a draft: what publishing it would do on the last closed day, also with other numbers."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.spreadsheets import csv_file
from core.web.htmx import wants_part
from scoring.models import Prepared, ScoringModel
from scoring.views.what_if_form import TryForm
from scoring.views.what_if_rows import PAGE, ChangeRow, rows, upshot
from scoring.what_if import ask, prepare
from scoring.what_if.ask import Answer
from scoring.what_if.comparison import BandChange
from scoring.what_if.reasons import explain_changes
from scoring.what_if.swap import NoAnswer, load_swap
from staff.models import Role
from staff.requests import StaffRequest

HEAD = (
    "customer_id", "name", "owner", "monthly_value", "health_before", "health_after", "health_band_before",
    "health_band_after", "engagement_band_before", "engagement_band_after", "at_risk_before", "at_risk_after",
)  # fmt: skip


@require_safe
def what_if(request: StaffRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(ScoringModel.objects.select_related("segment"), pk=pk)
    form = TryForm(draft, request.GET)
    context = _who(request) | {"draft": draft, "form": form}
    try:
        answer = _answer(request, draft, form)
    except NoAnswer as refusal:
        answer, context["refusal"] = None, refusal
    if answer is not None:
        context |= {"answer": answer, "made": None if answer.prepared is None else prepare.progress(answer.prepared)}
    if wants_part(request):
        response = _progress(request, context)
    else:
        if answer is not None and answer.comparison is not None:
            context |= _shown(request, answer)
        response = render(request, "scoring/what_if.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _progress(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer the page that waits: how far it is, or that there is something else to see now."""
    answer = context.get("answer")
    if answer is not None and answer.is_being_prepared:
        return render(request, "scoring/what_if_prepare.html#progress", context)
    # The whole page: with the answer everything on it changes, not only the part that waits.
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
def what_if_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the customers who change band, filtered as on the page, as CSV. For roles that may export customers."""
    if not request.user.may_act:
        raise PermissionDenied
    draft = get_object_or_404(ScoringModel.objects.select_related("segment"), pk=pk)
    try:
        answer = _answer(request, draft, TryForm(draft, request.GET))
    except NoAnswer:
        raise Http404 from None
    # While the base is being prepared there is nothing to download.
    if answer is None or answer.comparison is None:
        raise Http404
    changed = rows(answer.comparison, answer.comparison.changes(_which(request)))
    return csv_file.respond([HEAD, *map(_cells, changed)], filename=f"what-if-{draft.pk}-{answer.day}.csv")


@require_POST
def prepare_what_if(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Start preparing the base in the worker, or cancel it."""
    draft = get_object_or_404(ScoringModel.objects.select_related("segment"), pk=pk)
    if not _who(request)["may_prepare"]:
        raise PermissionDenied
    day = ask.last_day()
    try:
        # What is prepared is named by a digest of the draft, so it is found through the draft as it is now.
        swap = None if day is None else load_swap(draft, day)
    except NoAnswer:
        swap = None
    if swap is not None and "cancel" in request.POST:
        # By the key: drafts that differ in points alone share what is prepared.
        for prepared in Prepared.objects.filter(key=swap.key):
            prepare.cancel(prepared)
    elif swap is not None:
        prepare.start(swap, now=timezone.now(), by=request.user)
    return redirect("scoring:what-if", pk)


@require_POST
def keep_try(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Save the numbers tried into the draft."""
    draft = get_object_or_404(ScoringModel, pk=pk)
    if request.user.role != Role.ADMIN:
        raise PermissionDenied
    # Tries are in the address, where they change nothing; only saving them is a POST.
    form = TryForm(draft, request.POST)
    if not form.is_valid():
        return render(request, "scoring/what_if.html", _who(request) | {"draft": draft, "form": form}, status=400)
    try:
        ask.save_try(draft, form.tried)
    except ask.NoDraft:
        messages.error(request, _("This version has been published in the meantime. Copy it to a draft."))
    return redirect("scoring:what-if", pk)


def _who(request: StaffRequest) -> dict[str, Any]:
    role = request.user.role
    return {"may_change": role == Role.ADMIN, "may_prepare": role in (Role.ADMIN, Role.LEAD)}


def _answer(request: StaffRequest, draft: ScoringModel, form: TryForm) -> Answer | None:
    """Return None while there is no answer: the form is invalid, or no day is closed yet. Raises NoAnswer."""
    day = ask.last_day()
    if day is None or not form.is_valid():
        return None
    return ask.answer(draft, form.tried, day=day, now=timezone.now(), user=request.user)


def _which(request: HttpRequest) -> BandChange:
    kind = request.GET.get("which", "")
    return BandChange(kind) if kind in set(BandChange) else BandChange.ALL


def _shown(request: StaffRequest, answer: Answer) -> dict[str, Any]:
    comparison, which = answer.comparison, _which(request)
    assert comparison is not None
    places = comparison.changes(which)
    page = _page(request, len(places))
    shown = places[(page - 1) * PAGE : page * PAGE]
    return {
        "comparison": comparison,
        "which": which.value,
        "sums": [(change.value, comparison.sum_of(change)) for change in BandChange],
        **upshot(answer, request.user),
        "health": comparison.filled("health_band"),
        "engagement": comparison.filled("engagement_band"),
        "flows": comparison.flows("health_band"),
        "rows": rows(comparison, shown, explain_changes(answer, shown)),
        "earlier": page - 1 if page > 1 else None,
        "later": page + 1 if page * PAGE < len(places) else None,
    }


def _page(request: HttpRequest, count: int) -> int:
    """Return the requested page; the first if it is not a number, the last if it is beyond the last."""
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    return max(1, min(number, -(-count // PAGE)))


def _cells(row: ChangeRow) -> Iterator[object]:
    yield from (
        row.customer.pk,
        row.customer.name,
        row.customer.owner.name if row.customer.owner else "",
    )
    yield "" if row.value is None else row.value
    yield from ("" if health is None else health / 100 for health in (row.health_before, row.health))
    yield from (band or "unknown" for band in (row.band_before, row.band, row.engagement_before, row.engagement))
    yield from (row.at_risk_before, row.at_risk)
