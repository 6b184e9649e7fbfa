"""The survey answers of a customer's contacts that name them; confidential ones are left out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from customers.models import Customer
from desk.profile.form_page import offered, visible
from staff.requests import StaffRequest
from surveys.filters import PersonFilter
from surveys.models import Answer

NEWEST_FIRST = Keyset((Column("answered_at", descending=True), Column("id")))


def _named(customer: Customer):  # type: ignore[no-untyped-def] # a queryset
    rows = Answer.objects.named().filter(customer=customer).select_related("contact", "survey", "closed_by")
    return rows.defer("contact__traits", "contact__set_at")


@require_safe
def answers(request: StaffRequest, pk: int) -> HttpResponse:
    customer = visible(request, pk)
    chosen = request.GET.get("contact", "")
    contacts = offered(customer, chosen=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None)
    choices = [(str(contact.pk), str(contact)) for contact in contacts]
    filterset = PersonFilter(request.GET, queryset=_named(customer), contacts=choices)
    page = pagination.page(filterset.qs, NEWEST_FIRST, request.GET.get("cursor"))
    context = {"customer": customer, "filter": filterset, "page": page, "today": business_day(timezone.now())}
    return render(request, "desk/forms/answers.html", context)
