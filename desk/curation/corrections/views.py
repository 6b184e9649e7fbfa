"""Corrections: the list, the question, the preview with its two buttons, the progress, the result with Undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pagination
from core.jobs.leased import InvalidState
from core.pagination import Column, Keyset
from desk.curation.corrections import words
from desk.curation.corrections.form import CorrectionForm
from events.corrections import counting, lifecycle
from events.models import Correction
from staff.requests import StaffRequest, for_admins

NEWEST_FIRST = Keyset((Column("pk", descending=True),))
State = Correction.State


@require_safe
@for_admins
def correction_list(request: StaffRequest) -> HttpResponse:
    rows = Correction.objects.visible_to(request.user).select_related("by", "event_type", "to_type")
    page = pagination.page(rows, NEWEST_FIRST, request.GET.get("cursor"))
    return render(
        request,
        "desk/corrections/list.html",
        {"page": page, "rows": [(job, words.title(job)) for job in page.rows]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def ask(request: StaffRequest) -> HttpResponse:
    """Ask which events are wrong; `?customer=`, `?file=` and `?source=` choose some beforehand."""
    initial = {name: request.GET.get(name) for name in ("customer", "file", "source")}
    form = CorrectionForm(request.POST or None, initial=initial, by=request.user, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        return redirect("desk:correction", form.ask().pk)
    context = {"form": form, **form.chosen}
    return render(request, "desk/corrections/form.html", context, status=400 if form.errors else 200)


@require_safe
@for_admins
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    response = render(request, f"desk/corrections/{_template(job)}.html", _context(job))
    # The page changes while workers go on: going back to it must not show an old state.
    response["Cache-Control"] = "no-store"
    return response


def _template(job: Correction) -> str:
    if job.state in Correction.waiting_states:
        return "progress"
    return "preview" if job.state == State.READY else "result"


def _context(job: Correction) -> dict[str, Any]:
    return {
        "job": job,
        "title": words.title(job),
        "about": list(words.about(job)),
        "sentence": words.sentence(job),
        "notes": list(words.notes(job)),
        "result": list(words.result(job)),
        "types": words.types(job),
        "mean": words.mean(job),
        **_progress(job),
    }


def _progress(job: Correction) -> dict[str, int]:
    """Return how far a worker is, and of how much; nothing where only the end will tell. One query at most."""
    if job.state == State.COUNTING:
        return {"done": job.at_key + 1, "total": counting.shards(job)}
    if job.state == State.RUNNING:
        return {"done": job.changed, "total": max(job.events, job.changed)}
    if job.state == State.UNDOING:
        return {"done": job.restored, "total": job.changed}
    return {}


@require_POST
@for_admins
def carry_out(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        lifecycle.carry_out(job, now=timezone.now(), by=request.user)
    except InvalidState:
        messages.error(request, _("This can no longer be carried out."))
    return redirect("desk:correction", job.pk)


@require_POST
@for_admins
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        lifecycle.cancel(job, now=timezone.now())
    except InvalidState:
        messages.error(request, _("It finished before it could be cancelled."))
    return redirect("desk:correction", job.pk)


@require_POST
@for_admins
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        lifecycle.undo(job, now=timezone.now(), by=request.user)
    except InvalidState:
        messages.error(request, _("There is nothing to undo."))
    return redirect("desk:correction", job.pk)


def _job(request: StaffRequest, pk: int) -> Correction:
    rows = Correction.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("by", "customer", "source", "event_type", "to_type"), pk=pk)
