"""Shared ids: those that were found, the question, the preview with its buttons, the progress, the result."""

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
from customers.models import Contact, IdentityKind, SharedId
from customers.people import shared
from desk.curation.partings import words
from desk.curation.partings.form import PartingForm, to_carry_out
from events.models import Parting
from events.parting import lifecycle, parts
from staff.requests import StaffRequest, for_leads

BY_SIGNS = Keyset(
    (
        Column("is_wrong", descending=True),
        Column("companies", descending=True),
        Column("devices", descending=True),
        Column("name_id"),
    )
)
LAST = 20  # partings beside the list
State = Parting.State


@require_safe
@for_leads
def shared_ids(request: StaffRequest) -> HttpResponse:
    rows = SharedId.objects.visible_to(request.user).select_related("name", "contact")
    rows = rows.defer("contact__traits", "contact__set_at")
    page = pagination.page(rows, BY_SIGNS, request.GET.get("cursor"))
    partings = Parting.objects.visible_to(request.user)
    jobs = partings.select_related("name", "by").order_by("-pk")[:LAST]
    parted = partings.filter(name__in=[row.name_id for row in page.rows], state=State.DONE)
    kinds = {str(kind): str(label) for kind, label in IdentityKind.choices}
    return render(
        request,
        "desk/partings/list.html",
        {
            "page": page,
            "rows": [(row, kinds.get(row.name.kind, row.name.kind)) for row in page.rows],
            "jobs": [(job, words.title(job)) for job in jobs],
            "parted": set(parted.values_list("name", flat=True)),
            "looked_at": shared.looked_at(),
        },
    )


@require_POST
@for_leads
def look_again(request: StaffRequest) -> HttpResponse:
    shared.look_again()
    messages.success(request, _("Rapport is looking. Come back in a minute."))
    return redirect("desk:partings")


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def ask(request: StaffRequest, contact: int) -> HttpResponse:
    """Ask which of a contact's ids people shared; `?name=` chooses one beforehand."""
    person = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact)
    form = PartingForm(request.POST or None, initial={"name": request.GET.get("name")}, contact=person)
    if request.method == "POST" and form.is_valid():
        return redirect("desk:parting", form.ask(now=timezone.now(), by=request.user).pk)
    context = {"form": form, "contact": person}
    return render(request, "desk/partings/form.html", context, status=400 if form.errors else 200)


@require_safe
@for_leads
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    response = render(request, f"desk/partings/{_template(job)}.html", _context(job))
    # The page changes while workers go on: going back to it must not show an old state.
    response["Cache-Control"] = "no-store"
    return response


def _template(job: Parting) -> str:
    if job.state in Parting.waiting_states:
        return "progress"
    return "preview" if job.state == State.READY else "result"


def _context(job: Parting) -> dict[str, Any]:
    context = {"job": job, "title": words.title(job)}
    if job.state in Parting.waiting_states:
        return {**context, "total": max(job.events, job.changed)}
    context |= {"people": parts.largest(job), "sentence": words.sentence(job)}
    if job.state == State.READY:
        return {**context, "form": to_carry_out(job), "notes": list(words.notes(job))}
    return {**context, "result": list(words.result(job))}


@require_POST
@for_leads
def carry_out(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    form = to_carry_out(job, request.POST)
    try:
        if not form.is_valid():
            raise InvalidState
        lifecycle.carry_out(job, **form.cleaned_data, now=timezone.now(), by=request.user)
    except InvalidState:
        messages.error(request, _("This can no longer be carried out, or another parting of this contact is running."))
    return redirect("desk:parting", job.pk)


@require_POST
@for_leads
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        lifecycle.cancel(job, now=timezone.now())
    except InvalidState:
        messages.error(request, _("It finished before it could be cancelled."))
    return redirect("desk:parting", job.pk)


def _job(request: StaffRequest, pk: int) -> Parting:
    return get_object_or_404(Parting.objects.visible_to(request.user).select_related("by", "name", "contact"), pk=pk)
