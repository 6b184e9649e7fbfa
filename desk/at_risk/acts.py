"""An address for each act on customers at risk. A GET shows a form to confirm, a POST acts and goes back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.web.back import back_to
from customers import attention
from customers.models import Customer
from desk.at_risk.forms import MOST, ActForm, AssignForm, HandleForm, SnoozeForm
from staff.requests import StaffRequest, acts

confirm_then = require_http_methods(["GET", "HEAD", "POST"])


@confirm_then
@acts
def assign(request: StaffRequest) -> HttpResponseBase:
    return _act(request, AssignForm)


@confirm_then
@acts
def snooze(request: StaffRequest) -> HttpResponseBase:
    return _act(request, SnoozeForm)


@confirm_then
@acts
def handle(request: StaffRequest) -> HttpResponseBase:
    return _act(request, HandleForm)


@require_POST
@acts
def end_snooze(request: StaffRequest) -> HttpResponseBase:
    chosen = _chosen(request)
    if chosen:
        attention.end_snooze(*chosen, now=timezone.now())
        who = ", ".join(customer.name for customer in chosen)
        messages.success(request, _("No longer snoozed: %(who)s.") % {"who": who})
    return redirect(_back(request))


def _act(request: StaffRequest, form_class: type[ActForm]) -> HttpResponse:
    chosen = _chosen(request)
    if not chosen:
        messages.warning(request, _("Choose customers first."))
        return redirect(_back(request))
    data = request.POST if request.method == "POST" else None
    form = form_class(data, customers=chosen, now=timezone.now(), by=request.user)
    if data is not None and form.is_valid():
        text = form.act()
        messages.success(request, text, extra_tags=form.undo)
        return redirect(_back(request))
    return render(request, "desk/at_risk/act.html", {"form": form, "chosen": chosen, "back": _back(request)})


def _chosen(request: StaffRequest) -> list[Customer]:
    """Return the customers named by the request. One that is foreign, or no number, is not there: 404."""
    pks = (request.POST if request.method == "POST" else request.GET).getlist("customers")
    ids = {int(pk) for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < 19}
    # All or none: acting on fewer than were chosen would go unnoticed.
    if len(ids) != len(set(pks)) or len(ids) > MOST:
        raise Http404
    chosen = Customer.objects.visible_to(request.user).filter(pk__in=ids).select_related("owner").order_by("name", "pk")
    customers = list(chosen)
    if len(customers) != len(ids):
        raise Http404
    return customers


def _back(request: HttpRequest) -> str:
    return back_to(request, reverse("desk:at-risk"))
