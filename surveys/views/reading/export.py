"""Answers as a file that any spreadsheet opens safely; of a confidential survey the counts only."""

import io
import re
from collections.abc import Iterable

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import cells, csv_file
from staff.requests import StaffRequest, acts
from surveys.filters import AnswersFilter
from surveys.models import Answer, Survey
from surveys.results.rows import Cell, answers, counts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_A_WORKBOOK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML knows no such characters; openpyxl raises


@require_safe
@acts
def as_csv(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey, rows = _export(request, pk)
    return csv_file.stream(rows, filename=_filename(survey, "csv"))


@require_safe
@acts
def as_xlsx(request: StaffRequest, pk: int) -> HttpResponseBase:
    from openpyxl import Workbook  # here: it is a tenth of the time that every process takes to start

    survey, rows = _export(request, pk)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    for row in rows:
        sheet.append([_text(cell) if isinstance(cell, str) else cell for cell in row])
    # openpyxl writes the archive when the workbook is saved, so it cannot be streamed row by row as CSV is.
    body = io.BytesIO()
    book.save(body)
    body.seek(0)
    response = FileResponse(body, content_type=XLSX, as_attachment=True, filename=_filename(survey, "xlsx"))
    response["Cache-Control"] = "no-store"
    return response


def _text(cell: str) -> str:
    """Return what a workbook can hold, and does not take for a formula."""
    return NOT_IN_A_WORKBOOK.sub("\ufffd", cells.safe(cell))


def _export(request: StaffRequest, pk: int) -> tuple[Survey, Iterable[list[Cell]]]:
    """Return the rows the question finds; a question that cannot be answered has no file."""
    survey = get_object_or_404(Survey, pk=pk)
    if survey.is_confidential:
        return survey, counts(survey, request.user, today=business_day(timezone.now()))
    visible = Answer.objects.visible_to(request.user).filter(survey=survey)
    answer_filter = AnswersFilter(request.GET, queryset=visible, kind=survey.kind)
    if not answer_filter.is_valid():
        raise Http404
    return survey, answers(survey, answer_filter.qs)


def _filename(survey: Survey, ending: str) -> str:
    return f"answers-{survey.pk}-{business_day(timezone.now()).isoformat()}.{ending}"
