"""Comments: newest first with names; of a confidential survey shuffled and without names."""

from typing import Any

from django.db.models import TextField
from django.db.models.functions import MD5, Cast
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from staff.requests import StaffRequest
from surveys.filters import AnswersFilter, ConfidentialFilter, between
from surveys.models import Answer, Survey, Theme
from surveys.models.answer import AnswerQuerySet
from surveys.results import measures, versions

NEWEST_FIRST = Keyset((Column("answered_at", descending=True), Column("id")))
SHUFFLED = Keyset((Column("shuffled"), Column("id")))


@require_safe
def comments(request: StaffRequest, pk: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=pk)
    written = Answer.objects.filter(survey=survey).exclude(comment="")
    answer_filter: AnswersFilter | ConfidentialFilter
    if survey.is_confidential:
        answer_filter = ConfidentialFilter(request.GET, queryset=in_confidence(request, survey, written))
        page = pagination.page(_shuffled(answer_filter.qs), SHUFFLED, request.GET.get("cursor"))
    else:
        answer_filter = AnswersFilter(request.GET, queryset=written.visible_to(request.user), kind=survey.kind)
        rows = answer_filter.qs.select_related("contact", "customer", "customer__owner", "closed_by")
        page = pagination.page(
            # Traits are whatever a source sent, of any size, and shown nowhere here.
            rows.defer("contact__traits", "contact__set_at"),
            NEWEST_FIRST,
            request.GET.get("cursor"),
        )
    context: dict[str, Any] = {
        "survey": survey,
        "versions": [version for version in versions.all_versions(survey) if version.pk != survey.pk],
        "filter": answer_filter,
        "page": page,
        "themes": [] if survey.is_confidential else list(Theme.objects.all()),
        "today": business_day(timezone.now()),
    }
    return render(request, "surveys/results/comments.html", context)


def in_confidence(request: StaffRequest, survey: Survey, written: AnswerQuerySet) -> AnswerQuerySet:
    """Return the comments of a confidential survey that may be shown: whole blocks, to who sees all customers.

    A colleague who sees only a few customers would know whose words they are.
    """
    if request.user.is_limited:
        return written.none()
    range_shown = measures.days_told(survey, survey.tallies.all(), business_day(timezone.now()))
    return written.none() if range_shown is None else between(written, *range_shown)


def _shuffled(rows: AnswerQuerySet) -> Any:
    # A fixed order that has nothing to do with time, and that a keyset can page by; random() could not.
    return rows.annotate(shuffled=MD5(Cast("id", TextField())))
