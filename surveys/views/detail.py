"""A survey: what it asks, how it reaches people, what can be done with it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.days import business_day
from staff.models import User
from staff.requests import StaffRequest
from surveys.answering import direct_answers
from surveys.kinds import GROUPS
from surveys.models import Survey, SurveyStatus
from surveys.questionnaire import checking, questions
from surveys.sending import rules
from surveys.views import words

MOST_DISTRIBUTIONS = 50


@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    survey = get_object_or_404(Survey.objects.select_related("before", "after", "owner", "logo"), pk=pk)
    makes = request.user.may_lead
    context = {
        "survey": survey,
        "questions": asked_in(survey),
        "languages": [name for code, name in settings.LANGUAGES if code in survey.languages],
        # A running survey was checked when it started, and its questions cannot have changed since.
        "problems": checking.problems(survey) if survey.status == SurveyStatus.DRAFT and makes else {},
        "distributions": distributions(survey, request.user),
        "takes_answers": survey.takes_answers(business_day(timezone.now())),
        "may_make": makes,
        # With the key one can answer in any contact's name.
        "key": direct_answers.key_of(survey) if makes else "",
        **_addresses(survey),
    }
    return render(request, "surveys/survey.html", context)


def asked_in(survey: Survey) -> list[dict[str, Any]]:
    """Return the questions as a page shows them, in the reader's language where the survey has it."""
    language = survey.language_for(get_language() or "")
    return [
        {
            "text": question.text("text", language),
            "how": words.answered_by(question),
            "ends": [end for end in (question.text("low", language), question.text("high", language)) if end],
            "options": [label for _number, label in question.options(language)],
            "is_required": question.is_required,
            "groups": [GROUPS[group].label for group in question.shown_to if group in GROUPS],
        }
        for question in questions.load(survey.questions)
    ]


def distributions(survey: Survey, user: User) -> list[dict[str, Any]]:
    """Return the last distributions as a page shows them. One query."""
    rows = survey.waves.select_related("segment", "by", "event_type")
    return [
        {
            "wave": wave,
            "how": rules.get(wave.rule).words(wave),
            "to": words.recipients(wave, user),
            "customers": words.customers_of(wave) if wave.segment is None else "",
            "may_end": wave.ended_at is None and (user.may_lead or (user.may_act and wave.by_id == user.pk)),
        }
        for wave in rows[:MOST_DISTRIBUTIONS]
    ]


def _addresses(survey: Survey) -> dict[str, str]:
    # Not the request's host: the link is handed to people who reach us by the public address.
    link = f"{settings.PUBLIC_ADDRESS}/s/to/{survey.link}/"
    script = f"{settings.PUBLIC_ADDRESS}/static/survey-widget.js"
    return {"link": link, "snippet": f'<script src="{script}" data-survey="{survey.link}" defer></script>'}
