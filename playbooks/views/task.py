"""A task's own page: made, read with what became of it, changed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import business_day
from customers.models import Customer
from playbooks import lifecycle
from playbooks.forms.customer import CustomerForm
from playbooks.forms.task import TaskForm
from playbooks.history import load_history
from playbooks.models import Task
from playbooks.views.shared import ask_or_save, back, contacts_of, visible_customer, visible_task
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
def new(request: StaffRequest) -> HttpResponseBase:
    """Ask for whom, unless the address says so, then what."""
    named = (request.POST if request.method == "POST" else request.GET).get("customer", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return _for_whom(request)
    customer = visible_customer(request, int(named))
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        contacts=contacts_of(customer),
        current=request.user,
        initial={"assignee_id": request.user.pk, "due_on": business_day(timezone.now())},
    )
    if form.is_bound and form.is_valid() and (made := _add(customer, form, request)):
        messages.success(request, _("Task added: %(task)s") % {"task": made})
        return redirect(back(request))
    return _ask(request, form, customer=customer, title=_("New task"))


@ask_or_save
def task(request: StaffRequest, customer: int, task: UUID) -> HttpResponseBase:
    """Show a task with its history; who may act changes it here."""
    held = visible_task(request, customer, task)
    if not held.is_open or not request.user.may_act:
        return _shown(request, held)
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        task=held,
        contacts=contacts_of(held.customer, chosen=held.contact_id),
    )
    if form.is_bound and form.is_valid() and _change(held, form, request):
        messages.success(request, _("Changes saved."))
        return redirect(back(request))
    return _ask(request, form, customer=held.customer, title=_("Task"), task=held, **_of(held))


def _for_whom(request: StaffRequest) -> HttpResponseBase:
    form = CustomerForm(request.GET if request.GET.get("name") else None, user=request.user)
    if form.is_bound and form.is_valid():
        return redirect(f"{request.path}?customer={form.cleaned_data['name'].pk}")
    return render(request, "playbooks/for_whom.html", {"form": form, "title": _("New task"), "back": back(request)})


def _ask(request: StaffRequest, form: TaskForm, **more: Any) -> HttpResponse:
    today = business_day(timezone.now())
    return render(request, "playbooks/task.html", {"form": form, "next": back(request), "today": today, **more})


def _shown(request: StaffRequest, held: Task) -> HttpResponse:
    context = {"task": held, "customer": held.customer, "title": _("Task"), **_of(held)}
    return render(
        request, "playbooks/task.html", {**context, "today": business_day(timezone.now()), "next": back(request)}
    )


def _of(held: Task) -> dict[str, Any]:
    """Return what the page of a task shows besides its form."""
    return {"rows": [held], "history": load_history(held)}


def _add(customer: Customer, form: TaskForm, request: StaffRequest) -> Task | None:
    try:
        return lifecycle.add(customer, **form.people(), by=request.user, now=timezone.now())
    except lifecycle.Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _change(held: Task, form: TaskForm, request: StaffRequest) -> bool:
    try:
        lifecycle.change(held, **form.cleaned_data, by=request.user, now=timezone.now())
    except lifecycle.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
