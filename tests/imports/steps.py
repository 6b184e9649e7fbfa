"""An import step by step, as a person and a worker take them. The clock stands still."""

from django.core.files.uploadedfile import SimpleUploadedFile

from imports import lifecycle
from imports.jobs import work
from imports.models import Import, StagedRow
from imports.reading import upload as receiving
from tests.conftest import NOW


def upload(kind, body, by, name="file.csv"):
    return receiving.receive(SimpleUploadedFile(name, body), kind, by=by, now=NOW)


def check(job, mapping=None, history=False, chosen=None):
    lifecycle.check(job, mapping or job.mapping, history=history, chosen=chosen or {})
    return worked(job)


def run(job):
    lifecycle.start(job)
    return worked(job)


def worked(job, clock=lambda: NOW):
    work.go_on(clock=clock)
    return Import.objects.get(pk=job.pk)


def wrong(job):
    """Return row number → (column, code) of what is wrong with it."""
    rows = StagedRow.objects.filter(of=job, becomes="bad").order_by("number")
    return {row.number: [(one["column"], one["code"]) for one in row.problems] for row in rows}
