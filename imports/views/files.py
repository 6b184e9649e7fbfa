"""Files to download: a template of each kind, and the rows with errors, to be corrected and uploaded again."""

from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from core.spreadsheets import csv_file
from core.spreadsheets.cells import plain
from imports.kinds import KINDS
from imports.mapping.recognise import WHAT_IS_WRONG, is_ours
from imports.models import Import, StagedRow
from imports.problems import describe
from imports.views.decorators import job_of
from staff.requests import StaffRequest, for_leads


@require_safe
@for_leads
def template(request: StaffRequest, kind: str) -> StreamingHttpResponse:
    if kind not in KINDS:
        raise Http404
    columns = KINDS[kind].columns
    rows = [[str(column.label) for column in columns], [column.example for column in columns]]
    return csv_file.stream(rows, filename=f"{kind}.csv")


@require_safe
@for_leads
def wrong_rows(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    job = job_of(request, pk)
    name = get_valid_filename(f"wrong-rows-{job.pk}.csv")
    separator = job.shape.get("separator") or ","
    return csv_file.stream(_wrong_rows(job, get_language()), filename=name, separator=separator)


def _wrong_rows(job: Import, language: str | None) -> Iterator[list[str]]:
    """Yield the file's own header and rows, each with what is wrong, in the reader's language."""
    kept = [i for i, header in enumerate(job.headers) if not is_ours(header)]
    with override(language):
        yield [*(plain(job.headers[i]) for i in kept), str(WHAT_IS_WRONG)]
    # One at a time: a file may have a million wrong rows.
    for row in StagedRow.objects.filter(of=job, becomes="bad").order_by("number").iterator():
        with override(language):
            problems = [
                f"{problem['column']}: {describe(problem)}" if problem["column"] else describe(problem)
                for problem in row.problems or ()
            ]
        whole = [*row.cells, *[""] * len(job.headers)]
        # As our own export neutralised them: `csv_file` does it again, and twice would be another text.
        cells = map(plain, (*(whole[i] for i in kept), *row.cells[len(job.headers) :]))
        yield [*cells, " ".join(problems)]
