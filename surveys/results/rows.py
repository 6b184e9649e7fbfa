"""Answers as rows of cells, for a file that neutralises texts itself."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import get_language

from core.spreadsheets import cells
from staff.models import User
from surveys.kinds.base import SCORE
from surveys.models import Survey
from surveys.models.answer import AnswerQuerySet
from surveys.questionnaire import questions
from surveys.questionnaire.questions import Question
from surveys.results import measures

Cell = str | int | None
MOST = 100_000
BATCH = 2_000
FIELDS = (
    "answered_at", "customer", "customer_id", "owner", "contact", "email", "role", "score", "group", "comment",
    "themes", "channel", "language", "changed_at", "loop_closed_at", "loop_closed_by", "loop_note",
)  # fmt: skip
_PATHS = (
    "answered_at", "customer__name", "customer_id", "customer__owner__email", "contact__name", "contact__email",
    "contact__role", "score", "group", "comment", "themes", "via", "language", "changed_at", "closed_at",
    "closed_by__email", "closed_note",
)  # fmt: skip


def answers(survey: Survey, queryset: AnswerQuerySet) -> Iterator[list[Cell]]:
    """Yield a head and the newest 100,000 answers, in batches: no transaction stays open while a slow reader reads."""
    listed = [question for question in questions.load(survey.questions) if question.key != SCORE]
    yield [*FIELDS, *(f"answer.{question.key}" for question in listed)]
    ordered = queryset.order_by("-answered_at", "id").values_list("id", "marks", *_PATHS)
    last: tuple[Any, Any] | None = None
    left = MOST
    while left and (rows := list(_after(ordered, last)[: min(BATCH, left)])):
        for _id, marks, *own in rows:
            yield [*map(_cell, own), *(_mark(question, marks.get(question.key)) for question in listed)]
        last, left = (rows[-1][2], rows[-1][0]), left - len(rows)


def _after(rows: Any, last: tuple[Any, Any] | None) -> Any:
    """Keep what comes after an instant and an id: the newest first, then by id."""
    if last is None:
        return rows
    at, pk = last
    return rows.filter(answered_at__lte=at).exclude(answered_at=at, id__lte=pk)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, list):
        return cells.joined(value)
    return value if isinstance(value, str) else str(value.isoformat(timespec="seconds"))


def _mark(question: Question, mark: Any) -> Cell:
    """Say a choice by its label."""
    if question.type in ("choice", "choices") and mark is not None:
        labels = dict(question.options(get_language() or ""))
        return cells.joined(labels.get(value, value) for value in ([mark] if isinstance(mark, str) else mark))
    return _cell(mark)


def counts(survey: Survey, user: User, *, today: date) -> Iterator[list[Cell]]:
    """Yield what may be shown of a confidential survey: how often each value was chosen, never by whom.

    The head alone to a colleague who sees few customers, and would know whose answers they are.
    """
    yield ["question", "value", "answers"]
    if user.is_limited:
        return
    results = measures.survey_results(survey, today=today)
    for score, count in sorted(results.counts.items()):
        yield [SCORE, score, count]
    for question in results.questions:
        labels = dict(question.question.options(get_language() or ""))
        for value, count in sorted(question.counts.items()):
            yield [question.question.key, str(labels.get(str(value), value)), count]
