"""Answers that other tools collected, taken one by one: what cannot be taken says why and costs only itself.

Each gives marks by question, or a score and a comment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from core.db import halving
from surveys import kinds
from surveys.answering import direct_answers
from surveys.answering.answers import Closed
from surveys.answering.direct_answers import IncomingAnswer
from surveys.kinds.base import SCORE
from surveys.models import Answer, Survey, Via
from surveys.questionnaire import questions
from surveys.questionnaire.questions import InvalidAnswers, Marks, Question

OLDEST = timedelta(days=3_650)  # as for events from live sources
AHEAD = timedelta(minutes=5)  # of a clock that runs fast


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one answer: the answer, or why it was not taken."""

    answer: Answer | None = None
    problem: str = ""


def take(survey: Survey, given: Sequence[IncomingAnswer | str], *, via: Via, now: datetime) -> list[Taken]:
    """Write answers; return what became of each, in order. One given as a text is refused with that text.

    One that is refused costs only itself: the others are stored.
    """
    results = [Taken(problem=answer) if isinstance(answer, str) else _late(answer, now) for answer in given]
    fit = [(i, answer) for i, answer in enumerate(given) if isinstance(answer, IncomingAnswer) and results[i] is None]
    for (i, _given), taken in zip(fit, _recorded(survey, [answer for _i, answer in fit], via, now), strict=True):
        results[i] = taken
    return [taken or Taken() for taken in results]


def marks_of(survey: Survey, values: Mapping[str, Any], *, score: int | None = None, comment: str = "") -> Marks:
    """Return marks as `questions.read` does: of texts, numbers or lists of texts by question key.

    Raises InvalidAnswers.

    A score stands for the question the kind begins with, a comment for the first that is answered in words.
    """
    survey_questions = questions.load(survey.questions)
    if unknown := sorted(set(values) - {question.key for question in survey_questions}):
        raise InvalidAnswers({unknown[0]: _("There is no question “%(key)s”.") % {"key": unknown[0][:40]}})
    whole = dict(values)
    if score is not None:
        whole[_scale_question(survey, survey_questions).key] = score
    if comment:
        whole[_words_question(survey, survey_questions, whole.get(SCORE)).key] = comment
    marks = questions.read(survey_questions, {key: _texts(value) for key, value in whole.items()})
    if problems := questions.missing(survey.kind, survey_questions, marks):
        raise InvalidAnswers({key: f"{key}: {words}" for key, words in problems.items()})
    if not marks:
        raise InvalidAnswers({"": _("Please answer a question.")})
    return marks


def scale_of(survey: Survey) -> tuple[int, int] | None:
    """Return the scale of the question a score stands for; None when there is none, or there are four."""
    try:
        question = _scale_question(survey, questions.load(survey.questions))
    except InvalidAnswers:
        return None
    return question.low, question.high


def _scale_question(survey: Survey, survey_questions: Sequence[Question]) -> Question:
    keys = {question.key for question in survey_questions}
    ratings = [q for q in survey_questions if q.type == "rating" and (SCORE not in keys or q.key == SCORE)]
    # CXI has four ratings that count alike; a single score could be any of them.
    if not ratings or len(kinds.get(survey.kind).keys) > 1:
        raise InvalidAnswers({"score": _("This survey has no single question that a score could stand for.")})
    return ratings[0]


def _words_question(survey: Survey, survey_questions: Sequence[Question], score: Any) -> Question:
    """Return where a comment goes: a question asked of the answer's group, else the first in words."""
    words = [question for question in survey_questions if question.type == "text"]
    if not words:
        raise InvalidAnswers({"comment": _("This survey has no question that is answered in words.")})
    kind = kinds.get(survey.kind)
    group = kind.group_of(kind.score({SCORE: score} if isinstance(score, int) else {}))
    return next((question for question in words if group and question.asked_of(group.name)), words[0])


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _late(given: IncomingAnswer, now: datetime) -> Taken | None:
    if given.at > now + AHEAD:
        return Taken(problem=_("It is in the future. Give the time it happened."))
    return Taken(problem=_("It is older than ten years. Import it as history.")) if given.at < now - OLDEST else None


def _recorded(survey: Survey, given: Sequence[IncomingAnswer], via: Via, now: datetime) -> list[Taken]:
    """Write them together; when that is refused, narrow down to the one that is."""

    def record(part: Sequence[IncomingAnswer]) -> list[Taken]:
        return [Taken(answer) for answer in direct_answers.record(survey, part, via=via, now=now)]

    def refused(_given: IncomingAnswer, refusal: Exception) -> list[Taken]:
        return [Taken(problem=_why(refusal))]

    refusals = (Closed, InvalidAnswers, DataError, IntegrityError)
    return list(chain.from_iterable(halving.write(given, record, refusals=refusals, refused=refused)))


def _why(refusal: Exception) -> str:
    if isinstance(refusal, Closed):
        return _("The survey takes no answers now, or this one was given more than a day ago and stands.")
    # The first line alone: the DETAIL of a database error repeats the row.
    return str(refusal).partition("\n")[0][:300]
