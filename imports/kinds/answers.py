"""Past survey answers from other tools, each by the file's own id or one made of contact, time and content.

The scale they were given on is asked for, and answers of another scale are refused, never converted.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.days import business_day
from imports.cells import values
from imports.cells.formats import Formats
from imports.kinds import owner_columns
from imports.mapping import resolve, schema
from imports.mapping.schema import CHANGED, NEW, SAME, Column, ImportContext, Row
from imports.problems import Problem, Wrong, shown
from surveys.answering import answers, direct_answers, external_answers, survey_events
from surveys.kinds import NPS
from surveys.models import Answer, Survey, SurveyStatus, Via
from surveys.questionnaire.questions import InvalidAnswers

SCALES = {"0-10": (0, 10), "1-10": (1, 10), "1-5": (1, 5), "1-7": (1, 7)}
_PEOPLE = ("user_id", "email")
_WHOSE = (*owner_columns.EITHER, *_PEOPLE)


def _scale(cell: str, _formats: Formats) -> str:
    """Read "0-10", also as "0 to 10", "0–10" and the like."""
    ends = re.findall(r"\d+", cell)
    scale = "-".join(ends)
    if scale not in SCALES or len(cell) > 20:
        raise Wrong("choice", got=shown(cell), known=[*SCALES])
    return scale


def _surveys() -> list[tuple[str, str]]:
    names = Survey.objects.exclude(status=SurveyStatus.DRAFT).order_by("name").values_list("name", flat=True).distinct()
    return [(name, name) for name in names]


def _identify(row: Row) -> tuple[tuple[Any, ...], bool]:
    survey = row.values["survey"]
    if row.values.get("external_id"):
        return (survey, "id", row.values["external_id"]), True
    # As the file names them: after two customers are merged, the same file still says the same.
    names = (row.named.get(name) or row.values.get(name) or "" for name in _WHOSE)
    return (survey, *names, row.values["at"].isoformat(), row.values["score"]), False


def _external_id(row: Row) -> str:
    (_survey, *key), is_name = _identify(row)
    if is_name:
        return f"file:{key[1]}"
    text = "\0".join(map(str, key))
    return f"row:{hashlib.sha256(text.encode()).hexdigest()[:40]}:{row.nth}"


def _compare(rows: Sequence[Row], context: ImportContext) -> None:
    resolve.people(rows)
    surveys = Survey.objects.in_bulk({row.values["survey"] for row in rows})
    for row in rows:
        row.problems += _problems(row, surveys[row.values["survey"]], context)
    good = [row for row in rows if not row.problems]
    ids = {row.number: direct_answers.answer_id(surveys[row.values["survey"]], _external_id(row)) for row in good}
    stand = Answer.objects.filter(id__in=ids.values(), customer_id__in={row.values["customer_id"] for row in good})
    standing = {(row.customer_id, row.id): row for row in stand}
    for row in good:
        answer = standing.get((row.values["customer_id"], ids[row.number]))
        row.becomes = NEW if answer is None else SAME if answer.marks == row.values["marks"] else CHANGED
        if (
            row.becomes == CHANGED
            and answer
            and not context.history
            and not answers.may_change(answer, now=context.now)
        ):
            row.problems.append(Problem("stands"))


def _problems(row: Row, survey: Survey, context: ImportContext) -> Iterator[Problem]:
    scale = external_answers.scale_of(survey)
    if row.values["at"] > context.now:
        yield Problem("too late", "at")
    elif not context.history and row.values["at"] < context.now - external_answers.OLDEST:
        yield Problem("too old", "at")
    if not context.history and not survey.takes_answers(business_day(context.now)):
        yield Problem("closed survey", "survey", {"got": survey.name})
    if problem := _of_scale(survey, scale, row.values["scale"]):
        yield problem
        return
    try:
        comment = row.values.get("comment", "")
        row.values["marks"] = external_answers.marks_of(survey, {}, score=row.values["score"], comment=comment)
    except InvalidAnswers as refusal:
        yield Problem("refused", params={"got": str(refusal)})


def _of_scale(survey: Survey, scale: tuple[int, int] | None, given: str) -> Problem | None:
    if scale is None:
        return Problem("no scale", "survey", {"got": survey.name})
    if SCALES[given] == scale:
        return None
    if survey.kind == NPS.name and given == "1-10":
        return Problem("no nps", "scale")
    return Problem("other scale", "scale", {"got": given, "wanted": f"{scale[0]}-{scale[1]}"})


def _refuse_once(once: Mapping[str, str]) -> Problem | None:
    """Return the problem of a scale, chosen for the whole file, that does not fit its survey."""
    pk = resolve.surveys({once.get("survey", "")}).get(once.get("survey", ""))
    if pk is None or once.get("scale") not in SCALES:
        return None
    survey = Survey.objects.get(pk=pk)
    return _of_scale(survey, external_answers.scale_of(survey), once["scale"])


def _prepare(_rows: Sequence[Row], context: ImportContext) -> None:
    survey_events.prepare(context.now)


def _write(rows: Sequence[Row], context: ImportContext) -> Iterable[int]:
    surveys = Survey.objects.in_bulk({row.values["survey"] for row in rows})
    # groupby puts together neighbours only.
    in_order = sorted(rows, key=lambda row: (row.values["survey"], row.number))
    for pk, group in groupby(in_order, key=lambda row: row.values["survey"]):
        given = [_given(row) for row in group]
        try:
            direct_answers.record(surveys[pk], given, via=Via.IMPORT, now=context.now, history=context.history)
        except answers.Closed:
            # ValueError is what narrows a chunk down to the row (jobs/running.py).
            raise ValueError("The survey takes no answers any more.") from None
    return {row.values["customer_id"] for row in rows}


def _given(row: Row) -> direct_answers.IncomingAnswer:
    return direct_answers.IncomingAnswer(
        marks=row.values["marks"],
        at=row.values["at"],
        contact=row.values.get("contact"),
        customer_id=row.values["customer_id"],
        external_id=_external_id(row),
    )


KIND = schema.ImportKind(
    name="answers",
    label=_("Past survey answers"),
    columns=(
        Column("survey", pgettext_lazy("column", "Survey"), values.name(100), required=True, also=("survey name",),
               example="Spring NPS", find=resolve.surveys, missing="no survey", once=_surveys),
        Column("scale", _("Scale"), _scale, required=True, example="0-10",
               once=lambda: [(scale, scale) for scale in SCALES]),
        Column("score", _("Score"), values.whole, required=True, example="9", is_amount=True,
               also=("rating", "answer", "nps", "nps score", "csat", "ces")),
        Column("at", _("Answered at"), values.moment, required=True, is_day=True, example="2026-01-31 14:30",
               also=("answered", "date", "submitted", "submitted at", "completed", "timestamp", "time")),
        owner_columns.COMPANY_ID,
        owner_columns.RAPPORT_ID,
        Column("user_id", _("User id"), values.identifier(200), is_id=True, also=("user", "contact id")),
        Column("email", _("E-mail"), values.email, also=("e-mail address", "mail", "respondent"),
               example="kim@acme.example"),
        Column("comment", pgettext_lazy("answer", "Comment"), values.text(5_000), example="Fast and friendly",
               also=("feedback", "reason", "text", "verbatim")),
        Column("external_id", _("Id in its own system"), values.identifier(190),
               also=("id", "external id", "response id", "answer id", "uuid")),
    ),
    identify=_identify,
    compare=_compare,
    write=_write,
    prepare=_prepare,
    either=(_WHOSE,),
    has_history=True,
    refuse_once=_refuse_once,
)  # fmt: skip
