from dataclasses import fields

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from core.api.schema import lists, reads
from core.api.views import ApiView, listed, page_of
from core.days import business_day
from core.pagination import Column, Keyset
from customers.api.visible import visible_customer
from customers.models import Customer
from scoring.api.filters import DayFilter
from scoring.api.risk import risk
from scoring.api.shown import DayOut, ScoreOut
from scoring.api.stakes import stakes
from scoring.explain.explanation import explain
from scoring.forms.score_of_day import ScoreOfDay
from scoring.models import ScoreHistory, ScoringModel
from scoring.risk import wording
from scoring.risk.signals import FALL_DAYS
from staff.api.requests import ApiRequest

TAG = "scores"
NEWEST_FIRST = Keyset((Column("day", descending=True),))


class Score(ApiView):
    area = "scores"
    filterset_class = ScoreOfDay

    @reads("scores_retrieve", ScoreOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Take a customer's score apart, of any day up to today: contributions that add up, factors, what moved.

        `as_of` is the day, `known_on` the day whose close says what was known (empty: the day itself), `model`
        the version (empty: the one that scores the customer now). Without any of them also the reasons, the score as
        stored, and its risk; these speak of today alone. 404 before the first model is published.
        """
        customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("score"), pk=pk)
        filterset = self.filtered(ScoringModel.objects.all())
        moment, today = filterset.moment, business_day(self.now)
        # Detailed: with the days of each line and the effect of one more event, as on the page.
        explained = explain(
            customer, as_of=moment.as_of, known_on=moment.known_on, model=moment.model, against=FALL_DAYS, detailed=True
        )
        if explained is None:
            raise Http404
        # The stored score and the reasons are of today alone: beside another day they would contradict it.
        score = None if filterset.query else getattr(customer, "score", None)
        data = {
            **{field.name: getattr(explained, field.name) for field in fields(explained)},
            "customer_id": customer.pk,
            "contributions": explained.lines,
            "not_weighed": [{"event_type": kind.name, "count": count} for kind, count in explained.not_weighed],
            "reasons": [] if filterset.query else wording.reasons([customer], today=today)[customer.pk],
            "stored": score,
            "stake": None if score is None else stakes([customer], today)[customer.pk],
            "risk": None if score is None else risk(score),
        }
        return Response(ScoreOut(data).data)


class History(ApiView):
    area = "scores"
    filterset_class = DayFilter

    @lists("scores_history", DayOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the scores of closed days as known then, newest first."""
        days: QuerySet[ScoreHistory] = ScoreHistory.objects.filter(customer=visible_customer(request, pk))
        filterset = self.filtered(days)
        return listed(DayOut, page_of(filterset.qs, NEWEST_FIRST, request))
