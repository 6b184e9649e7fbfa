"""Owner, stage and tags changed in the row of the list: a part of the row where a script runs, else a page.

Nothing is saved over what somebody else has just changed: the row is held while it is compared with what was shown.
"""

from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import business_day
from core.web.back import back_to
from core.web.htmx import wants_part
from customers import lifecycle
from customers.curation import assigning
from customers.described.origins import DecidedElsewhere
from customers.models import Customer
from desk import undo
from desk.forms.in_row import FORMS, FieldForm
from desk.list import lines
from desk.list.list_filter import ListFilter
from desk.profile.form_page import ask_or_save, visible
from staff.models import User
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
def in_row(request: StaffRequest, pk: int, field: str) -> HttpResponseBase:
    """Ask for the new value, or save it. `?stop`: the row as it is, for who thinks better of it."""
    if field not in FORMS:
        raise Http404
    customer = visible(request, pk)
    if request.method != "POST":
        if "stop" in request.GET:
            return _row(request, pk, focus=field) if wants_part(request) else redirect(_back(request))
        return _ask(request, FORMS[field](customer=customer, by=request.user))
    with transaction.atomic():
        # Held first, compared then: two people come one after the other, and the second is asked again.
        Customer.objects.select_for_update(no_key=True).filter(pk=pk).first()
        form = FORMS[field](request.POST, customer=visible(request, pk), by=request.user)
        if not form.is_valid() or not _saved(request, form, timezone.now()):
            return _ask(request, form)
    return _row(request, pk, focus=field) if wants_part(request) else redirect(_back(request))


def _saved(request: StaffRequest, form: FieldForm, now: datetime) -> bool:
    """Call the verb and say so, with a way back; note the error of one that refuses."""
    customer, by = form.customer, request.user
    try:
        token = _changed(form, now, by)
    except DecidedElsewhere as refusal:
        form.add_error(form.name, str(refusal))
        return False
    if token is None:
        messages.success(request, _("Nothing had to be changed."))
    else:
        messages.success(request, _("“%(name)s” was saved.") % {"name": customer.name}, extra_tags=token)
    return True


def _changed(form: FieldForm, now: datetime, by: User) -> str | None:
    """Return what undoes the change; None when nothing changed."""
    customer, change = form.customer, form.change
    if "owner_id" in change:
        owner = User.objects.get(pk=change["owner_id"]) if change["owner_id"] else None
        act = assigning.assign([customer.pk], owner, now=now, by=by)
        return None if act is None else f"undo-{act.pk}"
    before: dict[str, Any] = {name: getattr(customer, name) for name in change}
    if "stage" in change and customer.churned_on:
        before["churned_on"] = customer.churned_on.isoformat()
    if not lifecycle.edit({customer.pk: change}, now=now, by=by):
        return None
    return undo.field(by, customer.pk, before, change)


def _ask(request: StaffRequest, form: FieldForm) -> HttpResponse:
    customer = form.customer
    context = {"form": form, "customer": customer, "name": form.name, "title": lines.TITLES[form.name]}
    if wants_part(request):
        inside = render_to_string("desk/list/in_row_form.html", context, request)
        return _row(request, customer.pk, form_of=form.name, form=inside)
    return render(request, "desk/list/in_row.html", {**context, "back": _back(request)})


def _row(request: StaffRequest, pk: int, **shown: str) -> HttpResponse:
    """Answer with the row as the list at hand shows it; with none of one that was given out of sight."""
    today, shown_at = business_day(timezone.now()), _parts(request.headers.get("HX-Current-URL", ""))
    rows = Customer.objects.visible_to(request.user)
    filterset = ListFilter(QueryDict(shown_at.query), queryset=rows, today=today)
    columns = filterset.columns_shown
    loaded = lines.load(list(lines.prepared(rows.filter(pk=pk), filterset, today)), columns, today)
    writer = lines.Writer(columns, may_act=request.user.may_act)
    context = {"rows": [writer.row(line, **shown) for line in loaded], "undo_next": f"{shown_at.path}?{shown_at.query}"}
    return render(request, "desk/list/in_row_after.html", context)


def _back(request: StaffRequest) -> str:
    """Return the list that was left, as the form or the browser names it."""
    came_from = _parts(request.headers.get("Referer", ""))
    is_list = came_from.netloc == request.get_host() and came_from.path == reverse("desk:customers")
    return back_to(request, f"{came_from.path}?{came_from.query}" if is_list else reverse("desk:customers"))


def _parts(address: str) -> SplitResult:
    """Return the parts of an address that a browser sent; of what is none, empty ones."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
