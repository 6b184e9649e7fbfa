"""Pages to upload a file and to map its columns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.jobs.leased import InvalidState
from imports import lifecycle
from imports.forms import MEGABYTES, ColumnsForm, UploadForm
from imports.kinds import KINDS
from imports.mapping import recognise
from imports.models import Import
from imports.problems import FILE, Unreadable
from imports.reading.limits import MOST_BYTES
from imports.reading.upload import receive
from imports.views.decorators import job_of
from staff.requests import StaffRequest, for_leads


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def upload_file(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        kind = request.GET.get("kind")
        return _ask(request, UploadForm(initial={"kind": kind if kind in KINDS else None}))
    form = UploadForm(request.POST, request.FILES)
    # Asked first: `Capped` has dropped a file that is too large, and the form would only find none.
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        form.errors["file"] = form.error_class([FILE["large file"] % {"most": MEGABYTES}])
    if not form.is_valid():
        return _ask(request, form)
    try:
        job = receive(form.cleaned_data["file"], form.cleaned_data["kind"], by=request.user, now=timezone.now())
    except Unreadable as error:
        form.add_error("file", str(error))
        return _ask(request, form)
    return redirect("imports:columns", job.pk)


def _ask(request: StaffRequest, form: UploadForm) -> HttpResponse:
    context = {"form": form, "kinds": KINDS.values(), "most": MEGABYTES}
    return render(request, "imports/upload.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    job = job_of(request, pk)
    if job.written or job.state not in lifecycle.BEFORE_ANY_ROW:
        return redirect("imports:detail", job.pk)
    if not job.mapping:
        job.mapping = recognise.columns(KINDS[job.kind], job.headers, recognise.last_of(job.kind, but=job.pk))
    form = ColumnsForm(job, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _check(request, job, form)
    status = 400 if form.errors else 200
    return render(request, "imports/columns.html", {"job": job, "kind": KINDS[job.kind], "form": form}, status=status)


@require_POST
@for_leads
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    job = job_of(request, pk)
    try:
        lifecycle.read_sheet(job, request.POST.get("sheet", ""))
    except Unreadable as error:
        messages.error(request, str(error))
    except InvalidState:
        messages.error(request, _("A colleague has continued this import in the meantime."))
    return redirect("imports:columns", job.pk)


def _check(request: StaffRequest, job: Import, form: ColumnsForm) -> HttpResponse:
    history = form.cleaned_data.get("history") == "then"
    try:
        lifecycle.check(job, form.mapping, history=history, chosen=form.chosen)
    except InvalidState:
        form.add_error(None, _("A colleague has continued this import in the meantime."))
        # The form as it was filled in, because the choices of twenty columns are work.
        return render(request, "imports/columns.html", {"job": job, "kind": KINDS[job.kind], "form": form}, status=409)
    return redirect("imports:detail", job.pk)
