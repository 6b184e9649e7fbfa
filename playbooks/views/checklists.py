"""Checklists: which there are, beginning one for a customer, one with its tasks, and the templates."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from customers.models import Customer
from playbooks import checklists
from playbooks.forms.checklist import BeginForm, Items, TemplateForm, filled, items_of
from playbooks.forms.customer import CustomerForm
from playbooks.models import Checklist, ChecklistTemplate, Task
from playbooks.views.shared import ask_or_save, back, visible_customer
from staff.requests import StaffRequest, acts, for_leads

NEWEST = Keyset((Column("begun_at", descending=True), Column("id")))


@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """Show the templates, and the checklists that have open tasks."""
    of_it = Task.objects.filter(customer=OuterRef("customer"), checklist=OuterRef("id"))
    visible = Checklist.objects.filter(customer__in=Customer.objects.visible_to(request.user))
    running = visible.filter(Exists(of_it.open())).select_related("customer", "begun_by")
    page = pagination.page(running.defer("customer__attributes"), NEWEST, request.GET.get("cursor"))
    templates = ChecklistTemplate.objects.annotate(steps=Count("items")).order_by("title")
    context = {
        "templates": [(one, checklists.label(one.title), checklists.describe(one)) for one in templates],
        "page": page,
        "rows": checklists.progress(page.rows, business_day(timezone.now())),
    }
    return render(request, "playbooks/checklists.html", context)


@require_safe
def checklist(request: StaffRequest, customer: int, checklist: UUID) -> HttpResponse:
    visible = Customer.objects.visible_to(request.user)
    found = get_object_or_404(
        Checklist.objects.filter(customer__in=visible).select_related("customer", "begun_by"),
        customer=customer,
        id=checklist,
    )
    tasks = checklists.tasks_of(found)
    today = business_day(timezone.now())
    context = {"checklist": found, "tasks": tasks, "done": sum(not task.is_open for task in tasks), "today": today}
    return render(request, "playbooks/checklist.html", context)


@ask_or_save
@acts
def begin(request: StaffRequest) -> HttpResponseBase:
    """Ask for whom, unless the address says so, then which."""
    named = (request.POST if request.method == "POST" else request.GET).get("customer", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return _for_whom(request)
    customer = visible_customer(request, int(named))
    chosen = request.GET.get("template")
    form = BeginForm(request.POST if request.method == "POST" else None, initial={"template": chosen})
    if form.is_bound and form.is_valid():
        begun = checklists.begin(customer, form.cleaned_data["template"], by=request.user, now=timezone.now())
        messages.success(request, _("Checklist started: %(title)s") % {"title": begun})
        return redirect("playbooks:checklist", customer.pk, begun.id)
    context = {"form": form, "customer": customer, "title": _("Start a checklist"), "next": back(request)}
    return render(request, "playbooks/begin.html", context)


@ask_or_save
@for_leads
def template(request: StaffRequest, pk: int | None = None) -> HttpResponseBase:
    """Make a template, or change one; checklists that were begun stay as they are."""
    held = None if pk is None else get_object_or_404(ChecklistTemplate, pk=pk)
    data = request.POST if request.method == "POST" else None
    shown = None if held is None else {name: getattr(held, name) for name in TemplateForm.base_fields}
    form = TemplateForm(data, template=held, initial=shown)
    items = Items(data, initial=items_of(held), prefix="items")
    if data is not None and all([form.is_valid(), items.is_valid()]):
        if rows := filled(items.cleaned_data):
            saved = checklists.save_template(held, **form.cleaned_data, items=rows, now=timezone.now())
            messages.success(request, _("Saved: %(task)s") % {"task": checklists.label(saved.title)})
            return redirect("playbooks:checklists")
        form.add_error(None, _("A checklist needs at least one task."))
    context = {"form": form, "items": items, "template": held}
    return render(request, "playbooks/template.html", context)


@ask_or_save
@for_leads
def delete_template(request: StaffRequest, pk: int) -> HttpResponseBase:
    held = get_object_or_404(ChecklistTemplate, pk=pk)
    if "sure" in request.POST:
        held.delete()
        messages.success(request, _("Deleted."))
        return redirect("playbooks:checklists")
    sentences = [_("Checklists that were started from it stay, with their tasks.")]
    context = {"title": _("Delete “%(title)s”?") % {"title": checklists.label(held.title)}, "sentences": sentences}
    return render(request, "components/confirm_page.html", {**context, "button": _("Delete")})


def _for_whom(request: StaffRequest) -> HttpResponseBase:
    form = CustomerForm(request.GET if request.GET.get("name") else None, user=request.user)
    if form.is_bound and form.is_valid():
        chosen = request.GET.get("template", "")
        also = f"&template={chosen}" if chosen.isdigit() else ""
        return redirect(f"{request.path}?customer={form.cleaned_data['name'].pk}{also}")
    context = {"form": form, "title": _("Start a checklist"), "back": back(request)}
    return render(request, "playbooks/for_whom.html", {**context, "template": request.GET.get("template", "")})
