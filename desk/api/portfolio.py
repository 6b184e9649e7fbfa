"""The portfolio's figures, by the page's own filter, and forecasts of renewals."""

from typing import Any

from django.conf import settings
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Body, Currency, Money
from core.api.schema import deletes, reads, writes
from core.api.views import ApiView, checked
from core.days import business_day
from customers.api.visible import visible_customer
from desk.portfolio import page
from desk.portfolio.filters import PortfolioFilter
from desk.portfolio.lines import lines
from desk.portfolio.renewal_pages import renewing_in
from records.models import RenewalForecast
from records.renewals import forecasts
from staff.api.authentication import author
from staff.api.requests import ApiRequest

TAG = "customers"


class PortfolioFigureOut(serializers.Serializer[Any]):
    """One number of the portfolio, and the parameters of the customer list that select exactly whom it counts."""

    figure = serializers.CharField(source="what", help_text="Such as total, at_risk, band_then, group.")
    name = serializers.CharField(help_text="Of what: a band, a group, a day, bands it moved between.")
    customers = serializers.IntegerField(
        allow_null=True, help_text="Renewals, contacts and tasks are counted themselves."
    )
    revenue = serializers.DecimalField(38, 2, allow_null=True, help_text="A month, in the base currency.")
    value_unknown = serializers.IntegerField(source="unknown", allow_null=True, help_text="Of them; in no sum.")
    customers_query = serializers.CharField(source="query", help_text="For GET /customers/; empty where there is none.")
    mean_health = serializers.DecimalField(
        5,
        2,
        source="health",
        allow_null=True,
        help_text="0 to 100, of those whose health is known; of totals and groups.",
    )


class PortfolioOut(serializers.Serializer[Any]):
    since = serializers.DateField(help_text="The first day of the period, which runs up to today.")
    compared = serializers.BooleanField(help_text="False while the figures of then are being computed.")
    currency = serializers.CharField(help_text="The base currency.")
    figures = PortfolioFigureOut(many=True)


class RenewalForecastBody(Body):
    category = serializers.ChoiceField(RenewalForecast.Category.choices)
    amount = Money(min_value=0, allow_null=True, required=False, help_text="A month.")
    currency = Currency(required=False)


class RenewalForecastOut(serializers.Serializer[Any]):
    customer_id = serializers.IntegerField()
    month = serializers.CharField(source="id", help_text="Such as 2026-12.")
    category = serializers.ChoiceField(RenewalForecast.Category.choices)
    amount = serializers.DecimalField(14, 2, allow_null=True)
    currency = serializers.CharField()
    at = serializers.DateTimeField()


class Portfolio(ApiView):
    area = "customers"
    filterset_class = PortfolioFilter

    @reads("portfolio", PortfolioOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """Add up the customers: revenue by health now and then, what moved, risk, renewals, contacts, groups."""
        filterset = self.filtered(page.visible(request.user))
        portfolio = page.load(filterset, business_day(self.now))
        answer = {
            "since": portfolio.first_day,
            "compared": portfolio.is_compared,
            "currency": settings.BASE_CURRENCY,
            "figures": list(lines(portfolio)),
        }
        return Response(PortfolioOut(answer).data)


class Forecast(ApiView):
    area = "customers"

    @writes("customers_forecast", RenewalForecastBody, RenewalForecastOut, TAG)
    def put(self, request: ApiRequest, pk: int, month: str) -> Response:
        """Say what is expected of the customer's renewals in a month; 404 where no contract renews in it."""
        customer, data = visible_customer(request, pk), checked(RenewalForecastBody(data=request.data))
        if renewing_in(customer, month) is None:
            raise Http404
        row = forecasts.write(
            customer,
            month,
            category=data["category"],
            amount=data.get("amount"),
            currency=data.get("currency", customer.currency),
            now=self.now,
            by=author(request),
        )
        return Response(RenewalForecastOut(row).data)

    @deletes("customers_forecast_clear", TAG)
    def delete(self, request: ApiRequest, pk: int, month: str) -> Response:
        """Take the forecast away."""
        forecasts.clear(visible_customer(request, pk), month)
        return Response(status=204)
