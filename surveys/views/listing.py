"""All surveys, and beginning one from a template."""

from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.pagination import Column, Keyset
from staff.models import User
from staff.requests import StaffRequest, for_leads
from surveys import lifecycle
from surveys.answering.tallies import STEP, Step
from surveys.models import Answer, Survey, SurveyStatus, Tally
from surveys.questionnaire import templates
from surveys.views import words
from surveys.views.decorators import get_or_post

CLOSED_LAST_FIRST = Keyset((Column("closed_at", descending=True), Column("pk", descending=True)))


@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show drafts and what runs, and what is closed page by page."""
    closed = pagination.page(
        Survey.objects.filter(status=SurveyStatus.CLOSED), CLOSED_LAST_FIRST, request.GET.get("cursor")
    )
    # Only closed surveys are paged: they pile up, while drafts and running ones stay few.
    standing = list(Survey.objects.exclude(status=SurveyStatus.CLOSED).select_related("before"))
    answers = _answers([*standing, *closed.rows], request.user)
    context = {
        "running": [
            (survey, answers.get(survey.pk, 0)) for survey in standing if survey.status == SurveyStatus.RUNNING
        ],
        "drafts": [(survey, 0) for survey in standing if survey.status == SurveyStatus.DRAFT],
        "closed": [(survey, answers.get(survey.pk, 0)) for survey in closed.rows],
        "page": closed,
        "may_make": request.user.may_lead,
    }
    return render(request, "surveys/list.html", context)


def _answers(surveys: list[Survey], user: User) -> dict[int, int]:
    """Return how many answers each has had, of customers the colleague sees. One query, of daily counts if of all."""
    if user.is_limited:
        own = Answer.objects.visible_to(user).filter(survey__in=surveys).order_by().values_list("survey")
        return dict(own.annotate(Count("id")))
    rows = Tally.objects.filter(survey__in=surveys, name=STEP, value=Step.ANSWERED).values_list("survey")
    return dict(rows.annotate(Sum("count")))


@get_or_post
@for_leads
def new(request: StaffRequest) -> HttpResponseBase:
    """Show what a survey can begin with; a POST makes a draft of it."""
    name = request.POST.get("template", "")
    if request.method == "POST" and name in templates.TEMPLATES:
        survey = lifecycle.create(name, now=timezone.now(), by=request.user)
        return redirect("surveys:edit", survey.pk)
    offered = [(template, template.purpose, words.scale(template.kind)) for template in templates.TEMPLATES.values()]
    return render(request, "surveys/new.html", {"offered": offered})
