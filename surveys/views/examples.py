"""Previews of the page after an answer, with an example of one: thanks, and the further questions of its group."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from surveys import kinds
from surveys.kinds.base import Group, SurveyKind
from surveys.models import Answer, Survey
from surveys.questionnaire import questions
from surveys.sending.test_mails import TOKEN
from surveys.views.public import form_questions, pages
from surveys.views.public.decorators import page


def groups(survey: Survey) -> list[Group]:
    """Return the groups with further questions, in the order of their kind."""
    named = {group for question in questions.load(survey.questions) for group in question.shown_to}
    return [group for group in kinds.get(survey.kind).groups if group.name in named]


def thanks(survey: Survey, language: str, group: Group) -> HttpResponse:
    """Return the page after an answer of the group; its form stores nothing."""
    answer = Answer(survey=survey, group=group.name, marks=_marks(kinds.get(survey.kind), group))
    with translation.override(language):
        context = {
            **pages.appearance(survey, language, is_framed=False),
            # TOKEN is shorter than any real one, so a colleague who tries the form stores nothing.
            "address": reverse("answer:answer", args=[TOKEN]),
            "thanks": survey.text("thanks", language),
            "summary": form_questions.summary(survey, answer, language),
            "questions": form_questions.shown(form_questions.further(survey, answer), language, {}),
        }
        return page("thanks", context)


def _marks(kind: SurveyKind, group: Group) -> questions.Marks:
    """Return the best marks that still make an answer of the group."""
    low, high = kind.scale
    every = (dict.fromkeys(kind.keys, value) for value in range(high, low - 1, -1))
    return next(marks for marks in every if kind.group_of(kind.score(marks)) == group)
