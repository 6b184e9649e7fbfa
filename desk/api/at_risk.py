"""Customers at risk, by the page's own filter and order."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core import pagination
from core.api.schema import lists
from core.api.views import ApiView, listed, page_of
from core.days import business_day
from customers.models import Customer
from desk.api.serializers import CustomerOut, with_relations
from desk.at_risk.views import URGENCY
from desk.list.filters import OwnerFilter
from scoring.api.shown import StakeOut
from scoring.api.stakes import stakes
from scoring.risk import wording
from staff.api.requests import ApiRequest

TAG = "scores"


class AtRiskOut(serializers.Serializer[Any]):
    customer = CustomerOut()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="In the language you accept.")
    stake = StakeOut()


class AtRisk(ApiView):
    area = "scores"
    filterset_class = OwnerFilter

    @lists("at_risk_list", AtRiskOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the customers at risk, the most urgent first, with the reasons and what is at stake."""
        today = business_day(self.now)
        filterset = self.filtered(Customer.objects.visible_to(request.user).at_risk(today))
        page = page_of(with_relations(filterset.qs, today), URGENCY, request)
        # For the rows of the page at once: the number of queries does not grow with them.
        reasons, stake = wording.reasons(page.rows, today=today), stakes(page.rows, today)
        rows = [{"customer": row, "reasons": reasons[row.pk], "stake": stake[row.pk]} for row in page.rows]
        at_risk_page = pagination.Page(rows, page.next_cursor, page.is_first)  # type: ignore[type-var]
        return listed(AtRiskOut, at_risk_page, today=today)
