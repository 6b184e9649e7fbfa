"""The breakdown of a customer's score of any day, as a page and as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import csv_file
from customers.models import Customer
from scoring import overrides
from scoring.explain import score_file, score_history
from scoring.explain.explanation import Explanation, explain
from scoring.forms.score_of_day import ScoreOfDay
from scoring.models import ScoringModel
from staff.requests import StaffRequest

AGAINST = (1, 7, 14, 30, 90)  # days before, which a score can be compared with
USUAL = 14


@require_safe
def score(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("score"), pk=pk)
    today = business_day(timezone.now())
    filterset = ScoreOfDay(request.GET, queryset=ScoringModel.objects.all(), today=today)
    context: dict[str, Any] = {
        "customer": customer,
        "filter": filterset,
        "explanation": _explained(request, customer, filterset),
        "against": AGAINST,
        "versions": ScoringModel.objects.order_by("-pk"),
        "history": score_history.load_history(customer, today=today),
        "override": overrides.standing(customer, today),
        "today": today,
    }
    return render(request, "scoring/score.html", context)


@require_safe
def score_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the same as a file; a question that cannot be answered has none."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    filterset = ScoreOfDay(request.GET, queryset=ScoringModel.objects.all())
    explanation = _explained(request, customer, filterset)
    # 404, not an empty file, which would be taken for a score of nothing.
    if explanation is None:
        raise Http404
    return csv_file.respond(score_file.rows(explanation), filename=f"score-{customer.pk}-{explanation.as_of}.csv")


def _explained(request: HttpRequest, customer: Customer, filterset: ScoreOfDay) -> Explanation | None:
    if not filterset.is_valid():
        return None
    moment = filterset.moment
    days_ago = request.GET.get("against", "")
    against = int(days_ago) if days_ago in map(str, AGAINST) else USUAL
    return explain(
        customer, as_of=moment.as_of, known_on=moment.known_on, model=moment.model, against=against, detailed=True
    )
