"""What the forms about a customer share: access, the contacts to choose from, and the page."""

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from customers.models import Contact, Customer
from records import leaving
from records.models import Record
from staff.models import User
from staff.requests import StaffRequest

ask_or_save = require_http_methods(["GET", "HEAD", "POST"])

CONTACTS_OFFERED = 200


def visible(request: StaffRequest, pk: int) -> Customer:
    """Return the customer, or answer 404 when there is none that they may see. One query."""
    customers = Customer.objects.visible_to(request.user).select_related("owner", "second_owner", "team")
    return get_object_or_404(customers, pk=pk)


def offered(customer: Customer, *, chosen: int | None = None) -> list[Contact]:
    """Return the contacts to choose from, by name; the chosen one is always among them. One query, or two."""
    contacts = customer.contacts.standing().defer("traits", "set_at")
    rows = list(contacts.order_by("name", "email", "pk")[:CONTACTS_OFFERED])
    if chosen and chosen not in {contact.pk for contact in rows}:
        rows += contacts.filter(pk=chosen)
    return rows


def delete(record: Record, *, by: User) -> None:
    """Delete a record, or answer 404 when somebody was faster."""
    try:
        leaving.delete(record, now=timezone.now(), by=by)
    except type(record).DoesNotExist:
        raise Http404 from None


def ask(
    request: StaffRequest, customer: Customer, form: Form, *, title: str, text: str = "", remove: str | None = None
) -> HttpResponse:
    """Answer with a form about a customer; what was entered stays in it. `remove`: where its thing is deleted."""
    back = reverse("desk:customer", args=[customer.pk])
    context = {"form": form, "customer": customer, "title": title, "text": text, "back": back, "remove": remove}
    return render(request, "desk/forms/entry.html", context)


def confirm(request: StaffRequest, customer: Customer, *, title: str, back: str) -> HttpResponse:
    """Answer with the question whether a record of a customer is to be deleted."""
    return render(request, "desk/forms/delete.html", {"customer": customer, "title": title, "back": back})
