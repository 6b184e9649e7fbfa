"""Adding and changing contracts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from desk.forms.contract import ContractForm
from desk.profile import form_page
from desk.profile.form_page import ask, ask_or_save, confirm, visible
from records import contracts
from records.models import Contract
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
def add(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _entered(request, visible(request, pk), None)


@ask_or_save
@acts
def edit(request: StaffRequest, pk: int, contract: UUID) -> HttpResponseBase:
    customer = visible(request, pk)
    return _entered(request, customer, get_object_or_404(Contract, customer=customer, id=contract))


@ask_or_save
@acts
def delete(request: StaffRequest, pk: int, contract: UUID) -> HttpResponseBase:
    """Ask whether the contract is to be deleted; delete it when that was confirmed."""
    customer = visible(request, pk)
    row = get_object_or_404(Contract, customer=customer, id=contract)
    if "confirmed" in request.POST:
        form_page.delete(row, by=request.user)
        messages.success(request, _("“%(name)s” was deleted.") % {"name": row.name})
        return redirect("desk:customer", customer.pk)
    title = _("Delete “%(name)s”?") % {"name": row.name}
    return confirm(request, customer, title=title, back=reverse("desk:contract", args=[customer.pk, row.id]))


def _entered(request: StaffRequest, customer: Customer, contract: Contract | None) -> HttpResponseBase:
    data = request.POST if request.method == "POST" else None
    form = ContractForm(data, initial=None if contract is None else ContractForm.shown(contract))
    if form.is_bound and form.is_valid():
        row = {"customer_id": customer.pk, **form.cleaned_data}
        contracts.sign([row if contract is None else {"id": contract.id, **row}], now=timezone.now(), by=request.user)
        messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
        return redirect("desk:customer", customer.pk)
    title = _("Add a contract") if contract is None else _("Edit contract")
    text = _("Revenue at risk is the customer’s monthly revenue, not the contract’s value.")
    remove = None if contract is None else reverse("desk:delete-contract", args=[customer.pk, contract.id])
    return ask(request, customer, form, title=title, text=text, remove=remove)
