"""A colleague's judgement over a customer's health: a GET asks, a POST sets it or takes it back."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.days import business_day
from customers.models import Customer
from scoring import overrides
from scoring.forms.override import OverrideForm
from staff.requests import StaffRequest, acts


@require_http_methods(["GET", "HEAD", "POST"])
@acts
def override(request: StaffRequest, pk: int) -> HttpResponseBase:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    # Before the form: taking back needs none of its fields.
    if request.method == "POST" and "take_back" in request.POST:
        overrides.take_back(customer, now=now, by=request.user)
        messages.success(request, _("Override removed."))
        return redirect("scoring:score", customer.pk)
    form = OverrideForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid():
        overrides.put(customer, **form.cleaned_data, now=now, by=request.user)
        messages.success(request, _("Health is overridden. It shows within seconds and ends on its last day."))
        return redirect("scoring:score", customer.pk)
    context = {"customer": customer, "form": form, "override": overrides.standing(customer, business_day(now))}
    return render(request, "scoring/override.html", context)
