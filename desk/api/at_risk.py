"""Customers at risk, by the page's own filter and order."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.response import Response

from core import pagination
from core.api.schema import lists, reads
from core.api.views import ApiView, listed, page_of
from core.days import business_day
from customers.models import Customer
from desk.api.serializers import CustomerOut, with_relations
from desk.at_risk import totals
from desk.at_risk.rows import URGENCY
from desk.list.filters import OwnerFilter
from scoring.api.risk import risk
from scoring.api.shown import RiskOut, StakeOut
from scoring.api.stakes import stakes
from scoring.risk import wording
from staff.api.requests import ApiRequest

TAG = "scores"


class AtRiskOut(serializers.Serializer[Any]):
    customer = CustomerOut()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="In the language you accept.")
    stake = StakeOut()
    risk = RiskOut()


class AtRiskTotalsOut(serializers.Serializer[Any]):
    customers = serializers.IntegerField(source="count")
    value_unknown = serializers.IntegerField(source="unknown", help_text="Of them; they are in no sum.")
    revenue_at_risk = serializers.DecimalField(38, 2, source="revenue", help_text="A month.")
    currency = serializers.CharField(help_text="The base currency.")


class AtRisk(ApiView):
    area = "scores"
    filterset_class = OwnerFilter

    @lists("at_risk_list", AtRiskOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the customers at risk, the most urgent first, with the reasons and the revenue at risk."""
        today = business_day(self.now)
        filterset = self.filtered(Customer.objects.visible_to(request.user).at_risk(today))
        page = page_of(with_relations(filterset.qs, today), URGENCY, request)
        # For the rows of the page at once: the number of queries does not grow with them.
        reasons, stake = wording.reasons(page.rows, today=today), stakes(page.rows, today)
        rows = [
            {"customer": row, "reasons": reasons[row.pk], "stake": stake[row.pk], "risk": risk(row.score)}
            for row in page.rows
        ]
        at_risk_page = pagination.Page(rows, page.next_cursor, page.is_first)  # type: ignore[type-var]
        return listed(AtRiskOut, at_risk_page, today=today)


class AtRiskTotals(ApiView):
    area = "scores"
    filterset_class = OwnerFilter

    @reads("at_risk_totals", AtRiskTotalsOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """Say how many customers are at risk, and what they pay, by the filter of the list."""
        today = business_day(self.now)
        filterset = self.filtered(Customer.objects.visible_to(request.user).at_risk(today))
        sums = asdict(totals.of_filtered(filterset, request.user, today))
        return Response(AtRiskTotalsOut({**sums, "currency": settings.BASE_CURRENCY}).data)
