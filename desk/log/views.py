"""Logging from anywhere: a page, or a part that opens where one is."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import business_day
from core.web.back import back_to
from core.web.htmx import render_part, wants_part
from customers.models import Customer
from desk.log import last_and_next, mentions
from desk.log.acts import Logged, log
from desk.log.form import LogForm, presets
from desk.profile.form_page import ask_or_save, offered, visible
from playbooks import note_templates
from playbooks.models import Task
from records.models import Note
from staff.requests import StaffRequest, acts

SAVED = "saved-draft"  # a cookie, by which the browser knows which draft to forget (static/log.js)
LOGGED = "customer-logged"  # what htmx tells the page, so that a row of the customer can ask for itself again


@ask_or_save
@acts
def log_contact(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask what was said, and write it. `task`: the task it finishes; `next`: where to.

    `inline`: whoever opened the form in a row gets the line that takes its place, instead of a whole page.
    """
    customer = visible(request, pk)
    now = timezone.now()
    task = _task(request, customer)
    form = LogForm(
        request.POST if request.method == "POST" else None,
        initial=_first_values(request),
        contacts=offered(customer, chosen=task.contact_id if task else None),
        now=now,
        task=task,
    )
    if form.is_bound and form.is_valid():
        return _saved(request, customer, log(customer, form, task=task, by=request.user, now=now))
    context = {
        "form": form,
        "customer": customer,
        "task": task,
        "presets": presets(now),
        "texts": note_templates.offered(),
        "mentionable": [one.name for one in mentions.who_may_see(customer) if one != request.user],
        "next": _back(request, customer),
        "is_inline": "inline" in request.GET,
    }
    return render_part(request, "desk/log/log.html", "form", context)


def _first_values(request: StaffRequest) -> dict[str, str]:
    """Return what the address chooses first; what is no choice is left out."""
    kind = request.GET.get("kind", "")
    return {"kind": kind} if kind in Note.Kind.values else {}


def _task(request: StaffRequest, customer: Customer) -> Task | None:
    """Return the task that logging finishes, or 404 when the address names none of the customer's."""
    named = (request.POST if request.method == "POST" else request.GET).get("task", "")
    if not named:
        return None
    try:
        number = UUID(named)
    except ValueError:
        number = UUID(int=0)
    found: Task = get_object_or_404(Task, customer=customer, id=number)
    return found


def _saved(request: StaffRequest, customer: Customer, logged: Logged) -> HttpResponseBase:
    words = _("Logged.")
    if logged.next_task is not None:
        words = _("Logged, and on your list: %(task)s") % {"task": logged.next_task}
    response = _line(request, customer, words, logged) if wants_part(request) else _go_back(request, customer, words)
    if logged.refusal and not wants_part(request):
        messages.warning(request, logged.refusal)
    response.set_cookie(SAVED, str(customer.pk), max_age=86_400, samesite="Lax", secure=request.is_secure())
    return response


def _line(request: StaffRequest, customer: Customer, words: str, logged: Logged) -> HttpResponse:
    """Answer htmx with the line that says what was last and what is next, in place of the form."""
    line = last_and_next.load([customer.pk]).get(customer.pk, last_and_next.NOTHING)
    today = business_day(timezone.now())
    context = {"line": line, "words": words, "refusal": logged.refusal, "customer": customer, "today": today}
    response = render(request, "desk/log/logged.html", context)
    response["HX-Trigger"] = json.dumps({LOGGED: {"customer": customer.pk}})
    return response


def _go_back(request: StaffRequest, customer: Customer, words: str) -> HttpResponseBase:
    messages.success(request, words)
    return redirect(_back(request, customer))


def _back(request: StaffRequest, customer: Customer) -> str:
    return back_to(request, reverse("desk:customer", args=[customer.pk]))
