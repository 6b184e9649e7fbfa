"""Answers as a file that any spreadsheet opens safely; of a survey in confidence the counts only."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.days import utc_day
from staff.requests import StaffRequest, acts
from surveys.filters import AnswersFilter
from surveys.models import Answer, Survey
from surveys.results.rows import Cell, answers, counts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@acts
def as_csv(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey, rows = _asked(request, pk)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    return _named(response, survey, "csv")


@require_safe
@acts
def as_xlsx(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey, rows = _asked(request, pk)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell) if isinstance(cell, str) else cell for cell in row])
    body = io.BytesIO()
    book.save(body)
    body.seek(0)
    return _named(FileResponse(body, content_type=XLSX), survey, "xlsx")


def _asked(request: StaffRequest, pk: int) -> tuple[Survey, Iterable[list[Cell]]]:
    """Return the rows the question finds; a question that cannot be answered has no file."""
    survey = get_object_or_404(Survey, pk=pk)
    if survey.is_confidential:
        return survey, counts(survey, today=utc_day(timezone.now()))
    found = Answer.objects.visible_to(request.user).filter(survey=survey)
    asked = AnswersFilter(request.GET, queryset=found, kind=survey.kind)
    if not asked.is_valid():
        raise Http404
    return survey, answers(survey, asked.qs)


def _named(response: HttpResponseBase, survey: Survey, ending: str) -> HttpResponseBase:
    day = utc_day(timezone.now()).isoformat()
    response["Content-Disposition"] = f'attachment; filename="answers-{survey.pk}-{day}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    """What csv writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[list[Cell]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # so that spreadsheets read it as UTF-8
    for row in rows:
        yield writer.writerow(["" if cell is None else cell for cell in row])
