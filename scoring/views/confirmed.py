"""Acts on a version that say beforehand what they will do: delete or calibrate a draft, end a segment's model."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.templatetags.show import number, two_decimals
from scoring.model_versions import calibrate, versions
from scoring.models import CurrentScore, ScoringModel, Status
from scoring.templatetags.scores import four_decimals
from staff.requests import StaffRequest, for_admins


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def delete(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask, then delete a draft."""
    draft = get_object_or_404(ScoringModel.objects.drafts(), pk=pk)
    if request.method == "POST":
        if not versions.delete(draft):
            messages.error(request, _("This version has been published in the meantime. Copy it to a draft."))
            return redirect("scoring:model", pk)
        messages.success(request, _("%(draft)s is deleted.") % {"draft": draft})
        return redirect("scoring:models")
    lines = [_("The draft and all its numbers are deleted for good. No score changes. Its back-tests stay.")]
    return _confirm(request, draft, title=_("Delete this draft?"), sentences=lines, button=_("Delete"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def end(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask, with how many customers it touches, then retire a segment's model."""
    segments_own = ScoringModel.objects.filter(status=Status.PUBLISHED, segment__isnull=False)
    version = get_object_or_404(segments_own.select_related("segment"), pk=pk)
    if request.method == "POST":
        versions.end(version, now=timezone.now())
        messages.success(request, _("Ended. Its customers are scored by the model for all customers again."))
        return redirect("scoring:models")
    # By the scores as they stand: a customer in several segments is scored by one model only.
    count = CurrentScore.objects.filter(model=version).count()
    scored = ngettext(
        "%(count)s customer of “%(segment)s” is scored by it now.",
        "%(count)s customers of “%(segment)s” are scored by it now.",
        count,
    )
    moved = _(
        "Within a minute they are scored by the model for all customers, or by that of another segment they"
        " belong to. Closed days keep their scores."
    )
    lines = [scored % {"count": number(count), "segment": version.segment}, moved]
    return _confirm(request, version, title=_("End this model?"), sentences=lines, button=_("End"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def calibrated(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show what calibrating would do to the points, then multiply them: nine of ten customers stand at 100 or below."""
    draft = get_object_or_404(ScoringModel.objects.drafts(), pk=pk)
    try:
        done = calibrate.calibrate(draft) if request.method == "POST" else calibrate.work_out(draft)
    # On a GET, too: what cannot be done is not offered for confirmation.
    except calibrate.CannotCalibrate as refusal:
        messages.error(request, str(refusal))
        return redirect("scoring:model", pk)
    numbers = {"before": two_decimals(done.percentile), "factor": four_decimals(done.factor)}
    if request.method == "POST":
        text = _("Nine of ten customers scored %(before)s or below; all points were multiplied by %(factor)s.")
        messages.success(request, text % numbers)
        return redirect("scoring:model", pk)
    lines = [
        _("Nine of ten customers score %(before)s or below with this draft.") % numbers,
        _("All points are multiplied by %(factor)s, so that these customers score 100 or below.") % numbers,
    ]
    rows = [
        (weight.event_type, before, weight.points)
        for weight, before in zip(done.weights, done.before, strict=True)
        if before
    ]
    return _confirm(request, draft, title=_("Calibrate the points?"), sentences=lines, button=_("Calibrate"), rows=rows)


def _confirm(request: StaffRequest, version: ScoringModel, **context: Any) -> HttpResponse:
    return render(request, "scoring/confirm.html", {"version": version, **context})
