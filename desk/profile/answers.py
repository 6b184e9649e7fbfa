"""The survey answers of a customer's contacts: the last ones, and a page with all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Window
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
SHOWN = 5


@dataclass(frozen=True, slots=True)
class SurveyAnswers:
    answers: Sequence[Answer]  # newest first
    count: int


def load_answers(customer: Customer) -> SurveyAnswers:
    """Return the newest answers that name their contact; confidential ones are left out. One query."""
    shown = list(_named(customer).annotate(total=Window(Count("id"))).order_by("-answered_at", "id")[:SHOWN])
    return SurveyAnswers(shown, shown[0].total if shown else 0)


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
