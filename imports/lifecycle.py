"""The verbs of an import: map its columns, check, start, cancel, resume."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.jobs import leased
from core.jobs.leased import InvalidState
from imports import reading
from imports.kinds import KINDS
from imports.mapping import recognise
from imports.models import FilePart, Import, ImportedCustomer, StagedRow, State, SurveyedIds
from imports.models.import_ import Phase
from imports.reading import upload

KEPT = timedelta(days=30)  # so long at most a wrong row stays for its error file
BEFORE_ANY_ROW = (State.UPLOADED, State.CHECKED, State.CANCELLED, State.FAILED)  # or after some, when it has `written`


@transaction.atomic
def check(job: Import, mapping: Sequence[str], *, history: bool, chosen: Mapping[str, str]) -> None:
    """Start the check of the file with this meaning of its columns. Raises InvalidState."""
    job = _hold(job, *BEFORE_ANY_ROW)
    if job.written:
        raise InvalidState("Some of its rows are in.")
    _drop_rows(job)
    before = recognise.last_of(job.kind, but=job.pk)
    # A file of the same columns and meaning is most likely written the same way: its formats decide where cells cannot.
    same = before is not None and set(job.headers) <= {*before.headers, *job.headers} and before.mapping == [*mapping]
    job.mapping, job.history = list(mapping), history and KINDS[job.kind].has_history
    job.formats = {"chosen": dict(chosen), "before": before.formats if before and same else {}}
    job.state, job.found, job.total_rows = State.CHECKING, {}, None
    _rewind(job)
    job.save()
    leased.wake(job)


def read_sheet(job: Import, sheet: str) -> None:
    """Read another sheet of the workbook, whose columns have to be mapped again. Raises InvalidState and Unreadable."""
    _refuse_settled(job, sheet)
    # Before the transaction: reading may take long, and must hold neither the row nor a transaction for it.
    fields = upload.fields_of(reading.inspect(upload.Stored(job), sheet))
    with transaction.atomic():
        held = _hold(job, *BEFORE_ANY_ROW)
        _refuse_settled(held, sheet)
        _map_anew(held, fields)


def _refuse_settled(job: Import, sheet: str) -> None:
    if job.state not in BEFORE_ANY_ROW or job.written or sheet not in job.sheets:
        raise InvalidState("There is no such sheet, or some rows of another are in.")


def _map_anew(job: Import, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(job, name, value)
    _drop_rows(job)
    job.state, job.mapping, job.formats, job.found, job.total_rows = State.UPLOADED, [], {}, {}, None
    _rewind(job)
    job.save()


@transaction.atomic
def start(job: Import) -> None:
    """Import a checked file, or continue a cancelled or failed import. Raises InvalidState."""
    job = _hold(job, State.CHECKED, State.CANCELLED, State.FAILED)
    if not job.found:
        raise InvalidState("The file was never checked to its end.")
    job.state, job.asked_to_cancel, job.problem, job.finished_at = State.RUNNING, False, None, None
    job.lease, job.leased_until, job.tries = None, None, 0
    if not job.written:
        job.done_rows = job.found["bad"]  # with these nothing is left to do
    job.save()
    leased.wake(job)


@transaction.atomic
def cancel(job: Import, *, now: datetime) -> None:
    """End the import after the chunk that is being written; one that no worker has ends now.

    Raises InvalidState.
    """
    leased.ask_to_cancel(_hold(job, *State.of_workers(), State.UPLOADED, State.CHECKED), now=now)


def forget_old(*, now: datetime) -> int:
    """Delete the rows and files of imports of a month ago; the imports stay in the list. Return how many rows went."""
    old = Import.objects.filter(created_at__lt=now - KEPT).exclude(state__in=State.of_workers())
    gone = 0
    for model in (FilePart, ImportedCustomer, StagedRow, SurveyedIds):
        gone += model.objects.filter(of__in=old).delete()[0]
    old.exclude(samples=[]).update(samples=[])
    return gone


def _hold(job: Import, *states: State) -> Import:
    # Locked: of two colleagues on two pages of one import, the second finds the state the first has left.
    held = Import.objects.select_for_update().get(pk=job.pk)
    if held.state not in states:
        raise InvalidState(f"It is {held.get_state_display()}.")
    return held


def _drop_rows(job: Import) -> None:
    """Forget what an earlier check of the file found."""
    StagedRow.objects.filter(of=job).delete()
    SurveyedIds.objects.filter(of=job).delete()


def _rewind(job: Import) -> None:
    job.phase, job.at_number, job.done_rows, job.survey, job.written = Phase.ROWS, 0, 0, {}, {}
    job.lease, job.leased_until, job.tries, job.asked_to_cancel = None, None, 0, False
    job.first_on = job.last_on = job.problem = job.finished_at = None
