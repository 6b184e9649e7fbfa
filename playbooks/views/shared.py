"""What the views of tasks share: access, the way back, a task's row in a list."""

from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.days import business_day
from core.web.back import back_to
from core.web.htmx import wants_part
from customers.models import Contact, Customer
from playbooks.models import Task
from staff.requests import StaffRequest, View

P = ParamSpec("P")

ask_or_save = require_http_methods(["GET", "HEAD", "POST"])
CONTACTS_OFFERED = 200


def sure(view: View[P]) -> View[P]:
    """Take a POST that its button sent, and no other: `sure`."""

    @require_POST
    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if "sure" in request.POST else HttpResponse(status=400)

    return guarded


def visible_task(request: StaffRequest, customer: int, task: UUID) -> Task:
    """Return the task, or answer 404 when there is none that they may see. One query."""
    found: Task = get_object_or_404(Task.objects.visible_to(request.user).with_people(), customer=customer, id=task)
    return found


def visible_customer(request: StaffRequest, pk: int) -> Customer:
    found: Customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("owner"), pk=pk)
    return found


def contacts_of(customer: Customer, *, chosen: int | None = None) -> list[Contact]:
    """Return the contacts to choose from, by name; the chosen one is always among them. One query, or two."""
    contacts = customer.contacts.standing().defer("traits", "set_at")
    rows = list(contacts.order_by("name", "email", "pk")[:CONTACTS_OFFERED])
    if chosen and chosen not in {contact.pk for contact in rows}:
        rows += contacts.filter(pk=chosen)
    return rows


def back(request: HttpRequest) -> str:
    return back_to(request, reverse("playbooks:tasks"))


def answered(request: StaffRequest, task: Task, words: str) -> HttpResponseBase:
    """Answer an act: htmx gets the task's row as it is now, everybody else goes back and reads what was done."""
    if wants_part(request):
        return row(request, task, words=words)
    messages.success(request, words)
    return redirect(back(request))


def row(request: StaffRequest, task: Task, **more: Any) -> HttpResponse:
    """Answer with one row of a list of tasks."""
    shown = Task.objects.with_people().get(customer=task.customer_id, id=task.id)
    context = {"task": shown, "today": business_day(timezone.now()), "next": back(request), **more}
    return render(request, "playbooks/row.html", context)
