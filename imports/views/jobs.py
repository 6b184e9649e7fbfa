"""Imports: the list, and each one's page, which shows what its state calls for."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import pagination
from core.jobs.leased import InvalidState
from core.pagination import Column, Keyset
from imports import lifecycle
from imports.cells.formats import COMMA, MONTH_FIRST
from imports.kinds import KINDS
from imports.models import Import, StagedRow, State
from imports.problems import describe, describe_file
from imports.views.decorators import job_of
from staff.requests import StaffRequest, for_leads

NEWEST_FIRST = Keyset((Column("pk", descending=True),))
SHOWN = 50
_PAGES = {
    State.CHECKING: "imports/progress.html",
    State.RUNNING: "imports/progress.html",
    State.CHECKED: "imports/checked.html",
}


@require_safe
@for_leads
def import_list(request: StaffRequest) -> HttpResponse:
    # JSON of up to 500 columns each, which the list does not show.
    rows = Import.objects.visible_to(request.user).select_related("by").defer("samples", "headers", "mapping")
    page = pagination.page(rows, NEWEST_FIRST, request.GET.get("cursor"))
    return render(
        request,
        "imports/list.html",
        {"page": page, "rows": [(job, KINDS[job.kind].label, _sums(job)) for job in page.rows]},
    )


@require_safe
@for_leads
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    job = job_of(request, pk)
    if job.state == State.UPLOADED:
        return redirect("imports:columns", job.pk)
    bad = StagedRow.objects.filter(of=job, becomes="bad").order_by("number")[:SHOWN] if _shows_rows(job) else []
    context = {
        "job": job,
        "kind": KINDS[job.kind],
        "sums": _sums(job),
        "good": sum(_sums(job).get(name, 0) for name in ("new", "changed")),
        "bad": [(row, [(problem["column"], describe(problem)) for problem in row.problems or ()]) for row in bad],
        "kept": _kept(job),
        "shown": SHOWN,
        "asked": list(_asked(job)),
        "problem": describe_file(job.problem) if job.problem else "",
        "quiet_since": job.quiet_since(timezone.now()),
        "can_go_on": job.state in (State.CANCELLED, State.FAILED) and bool(job.found),
    }
    response = render(request, _PAGES.get(State(job.state), "imports/report.html"), context)
    # Shows the progress: going back to it must not show an old state.
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@for_leads
def start(request: StaffRequest, pk: int) -> HttpResponse:
    job = job_of(request, pk)
    try:
        lifecycle.start(job)
    except InvalidState:
        messages.error(request, _("This import can no longer be started."))
    return redirect("imports:detail", job.pk)


@require_POST
@for_leads
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    job = job_of(request, pk)
    try:
        lifecycle.cancel(job, now=timezone.now())
    except InvalidState:
        messages.error(request, _("It finished before it could be cancelled."))
    return redirect("imports:detail", job.pk)


def _shows_rows(job: Import) -> bool:
    return job.state not in State.of_workers()


def _kept(job: Import) -> list[int]:
    """Return the first rows of which something stays as it is: of people who refused, say. A query if there are any."""
    if not _sums(job).get("kept"):
        return []
    rows = StagedRow.objects.filter(of=job, problems__isnull=False).exclude(becomes="bad").order_by("number")
    return list(rows.values_list("number", flat=True)[:SHOWN])


def _sums(job: Import) -> dict[str, int]:
    return {"new": 0, "changed": 0, "same": 0, "bad": 0, **(job.written or job.found)}


def _asked(job: Import) -> Iterable[dict[str, Any]]:
    """Yield what was only guessed: a cell that could be read either way, and how it was."""
    for name, cell in job.formats.get("asked", {}).items():
        chosen = name in job.formats.get("chosen", {})
        if name == "day":
            taken = _("month first") if job.formats["day"] == MONTH_FIRST else _("day first")
        else:
            taken = _("with a decimal comma") if job.formats["decimal"] == COMMA else _("with a decimal point")
        if not chosen:
            yield {"cell": cell, "taken": taken}
