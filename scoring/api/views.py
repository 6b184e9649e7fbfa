from dataclasses import fields
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from core import pagination
from core.days import utc_day
from core.money import Rates
from core.pagination import Column, Keyset
from customers.api.shown import with_relations
from customers.api.views import visible
from customers.filters import OwnerFilter
from customers.models import Customer
from engagement_site.api.schema import lists, reads
from engagement_site.api.views import ApiView, Asked, filtered, listed, page_of
from scoring import signs
from scoring.api.filters import DayFilter
from scoring.api.shown import AtRiskOut, DayOut, ScoreOut
from scoring.explain import explain
from scoring.filters import ScoreOfDay
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from scoring.stake import DAYS_BACK, typical_value
from scoring.views import URGENCY

TAG = "scores"
NEWEST_FIRST = Keyset((Column("day", descending=True),))


class Score(ApiView):
    area = "scores"
    filter_class = ScoreOfDay

    @reads("scores_retrieve", ScoreOut, TAG)
    def get(self, request: Asked, pk: int) -> Response:
        """Take a customer's score apart, of any day up to today: contributions that add up, factors, what moved.

        `as_of` is the day (UTC), `known_on` the day whose close says what was known (empty: the day itself), `model`
        the version (empty: the one that scores the customer now). Without any of them also the reasons, the score as
        stored, and what is at stake; these speak of today alone. 404 before the first model is published.
        """
        customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("score"), pk=pk)
        asked = filtered(ScoreOfDay, request, ScoringModel.objects.all())
        moment, today = asked.moment, utc_day(self.now)
        explained = explain(
            customer, as_of=moment.as_of, known_on=moment.known_on, model=moment.model, against=DAYS_BACK, detailed=True
        )
        if explained is None:
            raise Http404
        score = None if asked.asked else getattr(customer, "score", None)
        said = {
            **{field.name: getattr(explained, field.name) for field in fields(explained)},
            "customer_id": customer.pk,
            "contributions": explained.lines,
            "not_weighed": [{"event_type": kind.name, "count": count} for kind, count in explained.not_weighed],
            "reasons": [] if asked.asked else signs.reasons_of([customer], today=today)[customer.pk],
            "stored": score,
            "stake": None if score is None else stakes([customer], today)[customer.pk],
        }
        return Response(ScoreOut(said).data)


class History(ApiView):
    area = "scores"
    filter_class = DayFilter

    @lists("scores_history", DayOut, TAG)
    def get(self, request: Asked, pk: int) -> Response:
        """List the scores of closed days as known then, newest first."""
        days: QuerySet[ScoreHistory] = ScoreHistory.objects.filter(customer=visible(request, pk))
        asked = filtered(DayFilter, request, days)
        return listed(DayOut, page_of(asked.found, NEWEST_FIRST, request))


class AtRisk(ApiView):
    area = "scores"
    filter_class = OwnerFilter

    @lists("at_risk_list", AtRiskOut, TAG)
    def get(self, request: Asked) -> Response:
        """List the customers at risk, the most urgent first, with the reasons and what is at stake."""
        today = utc_day(self.now)
        asked = filtered(OwnerFilter, request, Customer.objects.visible_to(request.user).at_risk(today))
        page = page_of(with_relations(asked.found, today), URGENCY, request)
        reasons, stake = signs.reasons_of(page.rows, today=today), stakes(page.rows, today)
        rows = [{"customer": one, "reasons": reasons[one.pk], "stake": stake[one.pk]} for one in page.rows]
        shown = pagination.Page(rows, page.next_cursor, page.is_first)  # type: ignore[type-var]
        return listed(AtRiskOut, shown, today=today)


def stakes(customers: list[Customer], today: date) -> dict[int, dict[str, Any]]:
    """Return the parts of each customer's value at stake. Two queries at most; their `score` must be loaded."""
    rates = Rates({customer.currency for customer in customers})
    typical = typical_value(today) if any(customer.mrr is None for customer in customers) else None
    parts = {}
    for customer in customers:
        score: CurrentScore = customer.score
        own = None if customer.mrr is None else rates.in_base(customer.mrr, customer.currency, today)
        parts[customer.pk] = {
            "value_at_stake": score.value_at_stake,
            "currency": settings.BASE_CURRENCY,
            "monthly_value": typical if score.value_is_typical else own,
            "value_is_typical": score.value_is_typical,
            "share": 10_000 - (score.health or 0),
            "doubled": score.renews_soon,
        }
    return parts
