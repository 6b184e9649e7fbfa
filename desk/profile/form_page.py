"""What the forms about a customer share: access, the contacts to choose from, and the page."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from customers.models import Contact, Customer
from staff.requests import StaffRequest

ask_or_save = require_http_methods(["GET", "HEAD", "POST"])

CONTACTS_OFFERED = 200


def visible(request: StaffRequest, pk: int) -> Customer:
    """Return the customer, or answer 404 when there is none that they may see. One query."""
    customers = Customer.objects.visible_to(request.user).select_related("owner", "second_owner", "team")
    return get_object_or_404(customers, pk=pk)


def offered(customer: Customer, *, chosen: int | None = None) -> list[Contact]:
    """Return the contacts to choose from, by name; the chosen one is always among them. One query, or two."""
    contacts = customer.contacts.defer("traits", "set_at")
    rows = list(contacts.order_by("name", "email", "pk")[:CONTACTS_OFFERED])
    if chosen and chosen not in {contact.pk for contact in rows}:
        rows += contacts.filter(pk=chosen)
    return rows


def ask(request: StaffRequest, customer: Customer, form: Form, *, title: str, text: str = "") -> HttpResponse:
    """Answer with a form about a customer; what was entered stays in it."""
    back = reverse("desk:customer", args=[customer.pk])
    context = {"form": form, "customer": customer, "title": title, "text": text, "back": back}
    return render(request, "desk/forms/entry.html", context)
