"""The first reading of a file, before its rows are checked: how it writes days and amounts, and which ids it holds."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice

import numpy as np

from core.jobs import leased
from core.jobs.leased import Clock
from core.names.cleaning import cleaned_id
from core.spreadsheets.cells import plain
from imports import reading
from imports.cells.formats import Evidence
from imports.mapping import lookups
from imports.mapping.plan import Plan
from imports.models import Import, SurveyedIds
from imports.reading import Line, Shape, take
from imports.reading.upload import Stored

CHUNK = 50_000  # rows read between two commits: a quarter of a second


def steps(job: Import, plan: Plan, clock: Clock) -> Iterator[None]:
    """Read the rows that were not surveyed yet, yielding after each chunk; at the end the formats are settled.

    What was learnt is committed with each chunk, so that a file of any length gets on in each round, and a worker that
    relieves another begins where that one stopped.
    """
    evidence = Evidence(**job.survey.get("evidence", {}))
    id_column = _id_column(plan)
    with lines(job) as below_header:
        unread = islice(below_header, job.survey.get("rows", 0), None)
        while job.total_rows is None:
            chunk, is_last = take(unread, CHUNK)
            for line in chunk:
                plan.see(line.cells, evidence)
            with leased.step(job, clock) as held:
                at = held.survey.get("rows", 0)
                held.survey = {"rows": at + len(chunk), "evidence": evidence.as_json()}
                if id_column is not None:
                    SurveyedIds.objects.create(of=held, from_row=at, hashes=_packed(chunk, id_column))
                if is_last:
                    held.total_rows = at + len(chunk)
                    settled = evidence.settle(held.formats["chosen"], held.formats["before"])
                    held.formats = {**held.formats, **settled}
            yield


@contextmanager
def lines(job: Import) -> Iterator[Iterator[Line]]:
    """Open the file and yield the lines below its header. Raises Unreadable."""
    with closing(reading.lines(Stored(job), Shape(**job.shape))) as every:
        yield islice(every, 1, None)


def company_ids(job: Import) -> frozenset[int]:
    """Return the hashes of the company ids in the whole file; empty where no row can name another. One query."""
    stretches = SurveyedIds.objects.filter(of=job).order_by("from_row").values_list("hashes", flat=True)
    return frozenset(number for hashes in stretches for number in np.frombuffer(bytes(hashes), dtype="<i8").tolist())


def forget(job: Import) -> None:
    """Delete what only the check needed."""
    SurveyedIds.objects.filter(of=job).delete()


def _id_column(plan: Plan) -> int | None:
    """Return which cell holds a row's own id, if rows name other rows of the file (a parent)."""
    if not plan.has(plan.kind.links):
        return None
    return next((i for i, column in plan.columns if column.name == "company_id"), None)


def _packed(chunk: Sequence[Line], id_column: int) -> bytes:
    ids = {cleaned_id(plain(line.cells[id_column].strip())) for line in chunk if id_column < len(line.cells)}
    return np.array([lookups.id_hash(company_id) for company_id in ids], dtype="<i8").tobytes()
