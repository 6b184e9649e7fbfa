"""Pages of renewals: the list of those to come, and what is expected of one."""

import re
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_filters import CharFilter, ChoiceFilter

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from core.web.back import back_to
from core.web.forms import CurrencyField, EntryForm
from customers.models import Customer
from desk.portfolio import page, renewals
from desk.portfolio.filters import PortfolioFilter
from desk.profile.form_page import ask, ask_or_save, visible
from records.models import Contract, RenewalForecast
from records.renewals import forecasts
from scoring.models import HealthBand
from staff.requests import StaffRequest, acts

SOONEST = Keyset((Column("renews_on"), Column("customer_id"), Column("id")))
UNKNOWN = NONE = "unknown"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class RenewalFilter(PortfolioFilter):
    """The portfolio's filters, and which renewals of these customers."""

    month = CharFilter(label=gettext_lazy("Month"), method="leave")
    band = ChoiceFilter(
        label=gettext_lazy("Health"),
        method="leave",
        choices=[*HealthBand.choices, (UNKNOWN, gettext_lazy("Unknown"))],
        empty_label=gettext_lazy("Any"),
    )
    forecast = ChoiceFilter(
        label=gettext_lazy("Forecast"),
        method="leave",
        choices=[*RenewalForecast.Category.choices, (NONE, gettext_lazy("None yet"))],
        empty_label=gettext_lazy("Any"),
    )

    listing: ClassVar = frozenset({"period", "by", "month", "band", "forecast"})

    def leave(self, queryset: Any, name: str, value: str) -> Any:
        """Select no customers: `renewals_of` selects their contracts."""
        return queryset

    def check(self, cleaned: Any) -> None:
        if cleaned.get("month") and not _MONTH.fullmatch(cleaned["month"]):
            raise ValidationError(_("A month is written like 2026-12."))

    def contracts(self, today: date) -> QuerySet[Any]:
        """Return the renewals from today on; with a forecast the first of each customer in a month."""
        last = renewals.end_of(renewals.months_ahead(today)[-1])
        due = renewals.contracts(self.qs, today, last)
        if not self.is_valid():
            return due.none()
        rows, data = due, self.cleaned_data
        if data["month"]:
            rows = rows.filter(month=data["month"])
        if data["band"]:
            rows = rows.filter(customer__score__health_band=None if data["band"] == UNKNOWN else data["band"])
        if data["forecast"]:
            rows = self._with_forecast(rows, due, data["forecast"])
        return rows

    @staticmethod
    def _with_forecast(rows: QuerySet[Any], due: QuerySet[Any], category: str) -> QuerySet[Any]:
        stated = RenewalForecast.objects.filter(customer=OuterRef("customer"), id=OuterRef("month"))
        if category == NONE:
            return rows.filter(~Exists(stated))
        # A forecast is of a customer and month, however many contracts renew in it: it is listed once.
        earlier = due.filter(
            Q(renews_on__lt=OuterRef("renews_on")) | Q(renews_on=OuterRef("renews_on"), id__lt=OuterRef("id")),
            customer=OuterRef("customer"),
            month=OuterRef("month"),
        )
        return rows.filter(Exists(stated.filter(category=category)), ~Exists(earlier))


class ForecastForm(EntryForm):
    """A forecast; without a category there is none."""

    category = forms.ChoiceField(
        label=gettext_lazy("Forecast"),
        required=False,
        choices=[("", gettext_lazy("None yet")), *RenewalForecast.Category.choices],
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount a month"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    currency = CurrencyField()


@require_safe
def renewal_list(request: StaffRequest) -> HttpResponse:
    """List the renewals of the months ahead, the soonest first."""
    today = business_day(timezone.now())
    filterset = RenewalFilter(request.GET, queryset=page.visible(request.user))
    rows = filterset.contracts(today).select_related("customer__owner", "customer__score")
    found = pagination.page(rows, SOONEST, request.GET.get("cursor"))
    context = {
        "filter": filterset,
        "today": today,
        "page": found,
        "rows": list(renewals.rows_of(found.rows, today)),
        "categories": ForecastForm().fields["category"].choices,  # type: ignore[attr-defined]
        "query": urlencode({k: v for k, v in filterset.query.items() if k not in ("month", "band", "forecast")}),
    }
    return render(request, "desk/portfolio/renewals.html", context)


@ask_or_save
@acts
def forecast(request: StaffRequest, pk: int, month: str) -> HttpResponseBase:
    """Set what is expected of a customer's renewals in a month; 404 where none renews in it."""
    customer = visible(request, pk)
    contract = renewing_in(customer, month)
    if contract is None:
        raise Http404
    stated = RenewalForecast.objects.filter(customer=customer, id=month).first()
    initial = {
        "category": stated.category if stated else "",
        "amount": stated.amount if stated else contract.monthly_value,
        "currency": stated.currency if stated else contract.currency,
    }
    form = ForecastForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        if data["category"]:
            forecasts.write(customer, month, **data, now=timezone.now(), by=request.user)
        else:
            forecasts.clear(customer, month)
        messages.success(request, _("Forecast saved: %(customer)s.") % {"customer": customer.name})
        return redirect(back_to(request, reverse("desk:customer", args=[pk])))
    return ask(request, customer, form, title=_("Renewal forecast"), text=contract.name)


def renewing_in(customer: Customer, month: str) -> Contract | None:
    """Return the first contract of the customer that renews in the month. One query."""
    rows = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gte=F("renews_on")), customer=customer)
    return rows.annotate(month=renewals.month_of("renews_on")).filter(month=month).order_by("renews_on", "id").first()
