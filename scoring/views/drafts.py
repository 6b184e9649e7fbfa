"""A draft edited on a page of its own, and two versions side by side."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoring.model_versions import differences
from scoring.models import ScoringModel, Status
from scoring.views.draft_form import DraftConflict, DraftForm
from scoring.views.models import current_of
from staff.requests import StaffRequest, for_admins


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show a draft as a form; a POST saves all of it, or says what is wrong."""
    draft = get_object_or_404(ScoringModel.objects.drafts(), pk=pk)
    form = DraftForm(draft, request.POST if request.method == "POST" else None)
    is_sent, refusal = request.method == "POST", ""
    if is_sent and form.is_valid():
        try:
            form.save()
        except (DraftConflict, IntegrityError) as refused:
            # The first line alone: a database error repeats the row in its DETAIL.
            refusal = str(refused).splitlines()[0]
        else:
            messages.success(request, _("Saved. It changes no score before you publish it."))
            return redirect("scoring:model", pk)
    stored = ScoringModel.objects.only("name").get(pk=pk)  # the form has written into the draft
    context = {"version": stored, "form": form, "is_refused": is_sent, "refusal": refusal}
    return render(request, "scoring/edit.html", context, status=400 if is_sent else 200)


@require_safe
def compare(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show how a version differs from another (`with`), the current one unless another is named."""
    versions = ScoringModel.objects.select_related("segment")
    version = get_object_or_404(versions, pk=pk)
    number = request.GET.get("with", "")
    # Shorter than a bigint, so that the database is never asked for what it cannot hold.
    if number.isascii() and number.isdigit() and len(number) < 10:
        other: ScoringModel | None = get_object_or_404(versions, pk=number)
    else:
        other = current_of(version) or versions.exclude(pk=pk).exclude(status=Status.DRAFT).first()
    context = {
        "version": version,
        "other": other,
        "others": versions.exclude(pk=pk),
        "differences": differences.between(other, version) if other else [],
    }
    return render(request, "scoring/compare.html", context)
