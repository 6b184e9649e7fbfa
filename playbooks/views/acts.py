"""What is done to one task: in its row by htmx, else on a page of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.days import business_day
from core.web.forms import EntryForm
from core.web.htmx import render_part, wants_part
from playbooks import lifecycle
from playbooks.forms.task import FinishForm, PlanForm, presets
from playbooks.models import Task
from playbooks.views import shared
from playbooks.views.shared import ask_or_save, sure, visible_task
from staff.requests import StaffRequest, acts


@require_safe
def row(request: StaffRequest, customer: int, task: UUID) -> HttpResponseBase:
    """Show a row again, for who opened a form in it and thought better of it; by itself it is the task's page."""
    held = visible_task(request, customer, task)
    return shared.row(request, held) if wants_part(request) else redirect("playbooks:task", customer, task)


@ask_or_save
@acts
def finish(request: StaffRequest, customer: int, task: UUID) -> HttpResponseBase:
    """Ask how it went, and close the task; an empty `outcome` is enough."""
    held = visible_task(request, customer, task)
    form = FinishForm(request.POST if "outcome" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return _ask(request, held, form, "finish", _("Finish the task"))
    outcome = form.cleaned_data["outcome"]
    return _do(request, held, lambda **who: lifecycle.finish(held, outcome=outcome, **who), _("Done: %(task)s"))


@ask_or_save
@acts
def plan(request: StaffRequest, customer: int, task: UUID) -> HttpResponseBase:
    """Put a task off, or give it to somebody."""
    held = visible_task(request, customer, task)
    form = PlanForm(request.POST if "due_on" in request.POST else None, task=held)
    if not form.is_bound or not form.is_valid():
        return _ask(request, held, form, "plan", _("Reschedule or assign"))
    fields = form.cleaned_data
    return _do(request, held, lambda **who: lifecycle.change(held, **fields, **who), _("Saved: %(task)s"), form)


@sure
@acts
def reopen(request: StaffRequest, customer: int, task: UUID) -> HttpResponseBase:
    held = visible_task(request, customer, task)
    return _do(request, held, lambda **who: lifecycle.reopen(held, **who), _("Open again: %(task)s"))


@sure
@acts
def cancel(request: StaffRequest, customer: int, task: UUID) -> HttpResponseBase:
    held = visible_task(request, customer, task)
    return _do(request, held, lambda **who: lifecycle.cancel(held, **who), _("Cancelled: %(task)s"))


def _do(
    request: StaffRequest, task: Task, act: Callable[..., Task], words: str, form: EntryForm | None = None
) -> HttpResponseBase:
    try:
        act(by=request.user, now=timezone.now())
    except lifecycle.Refused as refusal:
        return _refused(request, task, refusal, form)
    return shared.answered(request, task, words % {"task": task.title})


def _refused(request: StaffRequest, task: Task, refusal: lifecycle.Refused, form: EntryForm | None) -> HttpResponseBase:
    """Say why: in the row, which shows the task as it is now, or beside the form that asked for it."""
    if form is not None and not isinstance(refusal, lifecycle.AlreadyClosed):
        form.add_error(None, str(refusal))
        return _ask(request, task, form, "plan", _("Reschedule or assign"))
    if wants_part(request):
        return shared.row(request, task, refusal=str(refusal))
    messages.warning(request, str(refusal))
    return redirect(shared.back(request))


def _ask(request: StaffRequest, task: Task, form: EntryForm, act: str, title: str) -> HttpResponse:
    today = business_day(timezone.now())
    context: dict[str, Any] = {"task": task, "form": form, "act": act, "title": title, "next": shared.back(request)}
    return render_part(request, "playbooks/act.html", "asked", {**context, "today": today, "presets": presets(today)})
