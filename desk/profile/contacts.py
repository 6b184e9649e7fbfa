"""Adding and changing the people at a customer."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Contact, Customer, Origin
from desk.forms.contact import ContactForm
from desk.profile.form_page import ask, ask_or_save, visible
from records import contacts
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
def add(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _entered(request, visible(request, pk), None)


@ask_or_save
@acts
def edit(request: StaffRequest, pk: int, contact: int) -> HttpResponseBase:
    customer = visible(request, pk)
    return _entered(request, customer, get_object_or_404(customer.contacts.standing(), pk=contact))


def _entered(request: StaffRequest, customer: Customer, contact: Contact | None) -> HttpResponseBase:
    data = request.POST if request.method == "POST" else None
    form = ContactForm(data, customer=customer, contact=contact)
    if not form.can_be_saved:
        messages.warning(request, _("This contact has no identifier, so it cannot be changed."))
        return redirect("desk:customer", customer.pk)
    if form.is_bound and form.is_valid():
        saved = contacts.write([form.row()], now=timezone.now(), by=request.user, origin=Origin.STAFF)[0]
        messages.success(request, _("“%(name)s” was saved.") % {"name": saved})
        if saved.survey_opt_out and not form.cleaned_data["survey_opt_out"]:
            messages.warning(request, _("The person behind this address wants no surveys, and that stays."))
        return redirect("desk:customer", customer.pk)
    return ask(request, customer, form, title=_("Add a contact") if contact is None else _("Edit contact"))
