"""Files to download: a template of each kind, and the rows that were wrong, to be put right and uploaded again."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import Http404, StreamingHttpResponse
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from core.spreadsheets.cells import safe
from imports.kinds import KINDS
from imports.mapping.recognise import WHAT_IS_WRONG, is_ours
from imports.models import Import, StagedRow
from imports.problems import describe
from imports.views.decorators import for_leads, job_of
from staff.requests import StaffRequest

BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something older


@require_safe
@for_leads
def template(request: StaffRequest, kind: str) -> StreamingHttpResponse:
    if kind not in KINDS:
        raise Http404
    columns = KINDS[kind].columns
    rows = [[str(column.label) for column in columns], [column.example for column in columns]]
    return _download(rows, f"{kind}.csv", ",")


@require_safe
@for_leads
def wrong_rows(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    job = job_of(request, pk)
    name = get_valid_filename(f"wrong-rows-{job.pk}.csv")
    return _download(_wrong_rows(job, get_language()), name, job.shape.get("separator") or ",")


def _wrong_rows(job: Import, language: str | None) -> Iterator[list[str]]:
    """Yield the file's own header and rows, each with what is wrong, in the language of whoever asked."""
    kept = [i for i, header in enumerate(job.headers) if not is_ours(header)]
    with override(language):
        yield [*(job.headers[i] for i in kept), str(WHAT_IS_WRONG)]
    for row in StagedRow.objects.filter(of=job, becomes="bad").order_by("number").iterator():
        with override(language):
            said = [
                f"{one['column']}: {describe(one)}" if one["column"] else describe(one) for one in row.problems or ()
            ]
        whole = [*row.cells, *[""] * len(job.headers)]
        yield [*(whole[i] for i in kept), *row.cells[len(job.headers) :], " ".join(said)]


def _download(rows: Iterable[Sequence[str]], name: str, separator: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(rows, separator), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(rows: Iterable[Sequence[str]], separator: str) -> Iterator[str]:
    """Yield the lines of a CSV file, no cell of which a spreadsheet would run."""
    writer = csv.writer(_Echo(), delimiter=separator)
    yield BOM
    for row in rows:
        yield writer.writerow([cell if cell.startswith("'") else safe(cell) for cell in row])
