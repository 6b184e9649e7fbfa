"""Versions of the scoring model: who is scored by which, what a version says, how two differ, publishing one."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import business_day
from core.web.back import back_to
from scoring.model_versions import differences, model_templates, versions, weighing
from scoring.models import ScoringModel, Status, Weight
from scoring.views.what_if_rows import upshot
from scoring.what_if import ask
from scoring.what_if.swap import NoAnswer
from staff.models import Role, User
from staff.requests import StaffRequest, for_admins

EARLIER = 50


@require_safe
def models(request: StaffRequest) -> HttpResponse:
    every = ScoringModel.objects.select_related("published_by", "segment")
    context = {
        # The sort is stable: segments' models stay in the order of their precedence.
        "published": sorted(every.published(), key=lambda model: model.segment is not None),  # everybody's first
        "drafts": every.drafts(),
        "earlier": every.filter(status=Status.RETIRED)[:EARLIER],
        "starters": model_templates.NAMES.items(),
        "may_change": request.user.role == Role.ADMIN,
        "waiting": weighing.waiting(business_day(timezone.now())),
    }
    return render(request, "scoring/models.html", context)


@require_safe
def model(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a version, and how it differs from the one that would go before it."""
    version = get_object_or_404(ScoringModel.objects.with_parts().select_related("segment", "published_by"), pk=pk)
    weights = sorted(version.weights.all(), key=lambda w: (w.event_type.channel, -w.points, w.event_type.name))
    factors = sorted(version.factors.all(), key=lambda factor: factor.pk)
    current = current_of(version)
    context = {
        "version": version,
        "channels": [(rows[0].event_type.get_channel_display(), rows) for rows in _grouped(weights)],
        "factors": factors,
        "whole": sum(factor.weight for factor in factors),
        "current": current,
        "differences": differences.between(current, version) if current else [],
        "may_change": request.user.role == Role.ADMIN,
        "may_test": request.user.role in (Role.ADMIN, Role.LEAD),
    }
    return render(request, "scoring/model.html", context)


@require_POST
@for_admins
def new_draft(request: StaffRequest) -> HttpResponseBase:
    """Make a draft from a starter, by its name."""
    name = request.POST.get("starter", "")
    # Only a made-up request can name another: no message is due.
    if name not in model_templates.NAMES:
        return redirect("scoring:models")
    return redirect("scoring:model", model_templates.draft(name, now=timezone.now()).pk)


@require_POST
@for_admins
def copy(request: StaffRequest, pk: int) -> HttpResponseBase:
    draft = versions.draft_from(get_object_or_404(ScoringModel, pk=pk), now=timezone.now())
    messages.success(request, _("This is your draft. Nothing changes before you publish it."))
    return redirect("scoring:model", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def publish(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask for a note, with what differs; a POST publishes a draft, or an earlier version again."""
    others = ScoringModel.objects.exclude(status=Status.PUBLISHED).select_related("segment")
    version = get_object_or_404(others, pk=pk)
    if request.method == "POST":
        now, note = timezone.now(), request.POST.get("note", "")[:2000]
        try:
            if version.status == Status.DRAFT:
                # `seen` is the digest of what this page showed, so that nothing is published unseen.
                done = versions.publish(version, now=now, by=request.user, note=note, seen=request.POST.get("seen"))
            else:
                done = versions.roll_back(version, now=now, by=request.user, note=note)
        # IntegrityError: of two first publications at once, the unique constraint refuses the second.
        except (versions.CannotPublish, IntegrityError) as refusal:
            messages.error(request, str(refusal).splitlines()[0])
            return redirect("scoring:model", pk)
        text = _("Version %(version)s is published. All customers are rescored within a minute.")
        messages.success(request, text % {"version": done.pk})
        return redirect(back_to(request, reverse("scoring:model", args=[done.pk])))
    current = current_of(version)
    listed = differences.between(current, version) if current else []
    context = {
        "version": version,
        "current": current,
        "differences": listed,
        "seen": versions.digest(versions.load(version)),
        "upshot": _upshot(version, request.user),
        "next": back_to(request, ""),
    }
    return render(request, "scoring/publish.html", context)


def _upshot(draft: ScoringModel, user: User) -> dict[str, Any] | None:
    """Return what what-if says of the draft; None where there is no answer at once."""
    day = ask.last_day()
    if draft.status != Status.DRAFT or day is None:
        return None
    try:
        answer = ask.answer(draft, ask.Try(), day=day, now=timezone.now(), user=user)
    except NoAnswer:
        return None
    return None if answer.comparison is None else upshot(answer, user)


def current_of(version: ScoringModel) -> ScoringModel | None:
    """Return the published version whose place this one would take, or takes."""
    if version.status == Status.PUBLISHED:
        return None
    return ScoringModel.objects.current_of(version.segment)


def _grouped(weights: list[Weight]) -> list[list[Weight]]:
    return [list(rows) for _, rows in groupby(weights, key=lambda weight: weight.event_type.channel)]
