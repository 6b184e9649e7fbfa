"""What comes after an answer, shown with an example of one: thanks, and what its group is asked besides."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from surveys.models import Answer, Group, Kind, Survey
from surveys.questionnaire import questions
from surveys.questionnaire.questions import CXI_KEYS, SCALES, SCORE
from surveys.sending.test_mails import TOKEN
from surveys.views.public import asked, pages
from surveys.views.public.decorators import page


def groups(survey: Survey) -> list[Group]:
    """Return the groups that are asked something besides, in the order of their kind."""
    named = {group for one in questions.load(survey.questions) for group in one.shown_to}
    return [group for group in questions.GROUPS[Kind(survey.kind)] if group in named]


def thanks(survey: Survey, language: str, group: Group) -> HttpResponse:
    """Return the page after an answer of the group; what is sent from it leads nowhere."""
    answer = Answer(survey=survey, group=group, marks=_marks(Kind(survey.kind), group))
    with translation.override(language):
        context = {
            **pages.look(survey, language, is_framed=False),
            "address": reverse("answer:answer", args=[TOKEN]),
            "thanks": survey.text("thanks", language),
            "told": asked.told(survey, answer, language),
            "questions": asked.shown(asked.further(survey, answer), language, {}),
        }
        return page("thanks", context)


def _marks(kind: Kind, group: Group) -> questions.Marks:
    """Return the best marks that still make an answer of the group."""
    keys = CXI_KEYS if kind == Kind.CXI else (SCORE,)
    low, high = SCALES[kind]
    every = (dict.fromkeys(keys, value) for value in range(high, low - 1, -1))
    return next(marks for marks in every if questions.scored(kind, marks)[1] == group)
