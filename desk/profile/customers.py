"""Adding and changing customers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers import lifecycle
from customers.models import Customer
from desk.forms.customer import CustomerForm
from desk.profile.form_page import ask_or_save, visible
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
def create(request: StaffRequest) -> HttpResponseBase:
    form = CustomerForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_bound and form.is_valid():
        company = form.cleaned_data["company_id"]
        pk = lifecycle.create(form.row(), now=timezone.now(), by=request.user, company_id=company)
        messages.success(request, _("“%(name)s” was added.") % {"name": form.cleaned_data["name"]})
        return _to(request, pk)
    return _ask(request, form, None)


@ask_or_save
@acts
def edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    customer = visible(request, pk)
    form = CustomerForm(request.POST if request.method == "POST" else None, by=request.user, customer=customer)
    if form.is_bound and form.is_valid() and _saved(form, customer, request):
        messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
        return _to(request, pk)
    return _ask(request, form, customer)


def _saved(form: CustomerForm, customer: Customer, request: StaffRequest) -> bool:
    try:
        lifecycle.edit({customer.pk: form.row()}, now=timezone.now(), by=request.user)
    except ValueError:  # all else that it refuses is refused by the form before
        form.add_error("parent", _("A customer cannot be its own parent or ancestor. Choose another parent."))
        return False
    return True


def _to(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Go to the customer, or to the list when they gave it away."""
    if Customer.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("desk:customer", pk)
    return redirect("desk:customers")


def _ask(request: StaffRequest, form: CustomerForm, customer: Customer | None) -> HttpResponse:
    back = reverse("desk:customers") if customer is None else reverse("desk:customer", args=[customer.pk])
    return render(request, "desk/forms/edit.html", {"form": form, "customer": customer, "back": back})
