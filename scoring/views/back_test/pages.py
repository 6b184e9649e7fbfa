"""Back-tests of a version: started, followed, cancelled, shown, downloaded as CSV, copied to a draft."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.jobs.leased import InvalidState
from core.spreadsheets import csv_file
from scoring.backtest import lifecycle
from scoring.models import BackTest, ScoringModel
from scoring.views.back_test import tables, words
from scoring.views.back_test.cells import Table
from scoring.views.back_test.form import BackTestForm
from staff.models import Role
from staff.requests import StaffRequest, for_leads

EARLIER = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def start(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask what to test and list the earlier back-tests of the version; a POST starts one."""
    model = get_object_or_404(ScoringModel.objects.select_related("segment"), pk=pk)
    form = BackTestForm(request.POST or None, model=model, now=timezone.now(), by=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("scoring:back-test", form.start().pk)
    earlier = BackTest.objects.visible_to(request.user).filter(model=model).select_related("by")
    context = {"model": model, "form": form, "earlier": earlier.defer("result", "inputs")[:EARLIER]}
    return render(request, "scoring/back_test_start.html", context, status=400 if form.errors else 200)


@require_safe
@for_leads
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    template = "progress" if job.state == BackTest.State.RUNNING else "result"
    response = render(request, f"scoring/back_test_{template}.html", _context(request, job))
    # The page changes while workers go on: going back to it must not show an old state.
    response["Cache-Control"] = "no-store"
    return response


def _context(request: StaffRequest, job: BackTest) -> dict[str, Any]:
    done = job.state == BackTest.State.DONE
    suggests = bool(done and not job.result["refused"] and "weights" in job.result["suggestion"])
    return {
        "job": job,
        "asked": words.question(job),
        "population": words.population(job),
        "sentences": words.sentences(job) if done else [],
        "left_out": words.left_out(job) if done else [],
        "problem": words.problem(job),
        "tables": tables.tables(job) if done else [],
        "can_draft": suggests and job.model and request.user.role == Role.ADMIN,
    }


@require_POST
@for_leads
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        lifecycle.cancel(job, now=timezone.now())
    except InvalidState:
        messages.error(request, _("It finished before it could be cancelled."))
    return redirect("scoring:back-test", job.pk)


@require_POST
@for_leads
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a draft of what was suggested. Only admins edit and publish drafts; nothing changes before they do."""
    if request.user.role != Role.ADMIN:
        raise PermissionDenied
    job = _job(request, pk)
    try:
        made = lifecycle.make_draft(job, now=timezone.now())
    except InvalidState:
        messages.error(request, _("There is nothing to make a draft of."))
        return redirect("scoring:back-test", job.pk)
    return redirect(reverse("admin:scoring_scoringmodel_change", args=[made.pk]))


@require_safe
@for_leads
def table(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Send one table with its numbers as they are, not as they are shown."""
    job = _job(request, pk)
    matching = [table for table in tables.tables(job) if table.name == name] if job.state == "done" else []
    if not matching:
        raise Http404
    return csv_file.respond(_lines(job, matching[0]), filename=f"back-test-{job.pk}-{name}.csv")


def _lines(job: BackTest, wanted: Table) -> Iterator[list[Any]]:
    """Yield a table's rows; of a segment's version, each one names the segment, so that no file loses it."""
    segment = job.inputs.get("segment")
    names, values = ([], []) if segment is None else (["segment"], [segment["name"]])
    yield [*wanted.raw_columns, *names]
    for row in wanted.raw_rows:
        yield [*row, *values]


def _job(request: StaffRequest, pk: int) -> BackTest:
    return get_object_or_404(BackTest.objects.visible_to(request.user).select_related("by", "model__segment"), pk=pk)
