"""The dry run: the file read twice, first for how it writes days and amounts, then row by row."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.db import copying
from core.jobs import leased
from core.jobs.leased import Clock
from customers.models import WrongId
from imports.cells.formats import Formats
from imports.jobs import surveying
from imports.jobs.surveying import lines
from imports.kinds import KINDS
from imports.mapping import lookups
from imports.mapping.plan import Plan
from imports.mapping.schema import ImportContext, Row
from imports.models import Import, State
from imports.problems import Problem
from imports.reading import Line, limits, take

CHUNK = 5_000  # rows in one transaction

_STAGE = """
    COPY imports_stagedrow (of_id, number, cells, key, nth, becomes, problems) FROM STDIN
"""
_TYPES = ["int8", "int4", "text", "bytea", "int4", "text", "text"]


def steps(job: Import, clock: Clock) -> Iterator[None]:
    """Check the file, yielding after each chunk that is committed. Raises Unreadable, Lost and Stopped."""
    plan = Plan(KINDS[job.kind], job.headers, job.mapping, once=job.once, wrong_ids=WrongId.objects.known())
    yield from surveying.steps(job, plan, clock)
    plan.formats = Formats.from_stored(job.formats)
    coming = surveying.company_ids(job)
    context = ImportContext(now=clock(), by=job.by, history=job.history, coming=coming, job=job.pk)
    with lines(job) as below_header:
        # By the row's place in the file: a worker that takes over reads up to it again and stages nothing twice.
        waiting = (line for line in below_header if line.number > job.at_number)
        while chunk := take(waiting, CHUNK)[0]:
            with leased.step(job, clock) as held:
                # The clock is read for each chunk: a long check may pass midnight.
                rows = _check(chunk, plan, replace(context, now=clock()), held)
                held.at_number, held.done_rows = chunk[-1].number, held.done_rows + len(chunk)
                held.found = count(held.found, rows)
            yield
    with leased.step(job, clock) as held:
        held.state, held.at_number, held.done_rows, held.lease = State.CHECKED, 0, 0, None
        held.found, held.survey = {"bad": 0, **held.found}, {}
        surveying.forget(held)


def count(sums: dict[str, int], rows: Iterable[Row]) -> dict[str, int]:
    """Return the counts by what became of rows, these rows added; "kept": of which something stays as it is."""
    total = dict(sums)
    for row in rows:
        total[row.becomes] = total.get(row.becomes, 0) + 1
        if row.notices:
            total["kept"] = total.get("kept", 0) + 1
    return total


def _check(chunk: Sequence[Line], plan: Plan, context: ImportContext, job: Import) -> list[Row]:
    rows = [_read(line, plan) for line in chunk]
    lookups.settle(rows, plan, context)
    lookups.find_repeats(rows, plan, job)
    lookups.compare(rows, plan, context)
    _stage(rows, plan, job)
    return rows


def _read(line: Line, plan: Plan) -> Row:
    if line.problem:
        most = {"long cell": limits.LONGEST_CELL, "many cells": limits.MOST_COLUMNS}[line.problem]
        return Row(line.number, [], problems=[Problem(line.problem, params={"most": most})])
    return plan.read(line.number, line.cells)


def _stage(rows: Iterable[Row], plan: Plan, job: Import) -> None:
    with copying.into(_STAGE) as copy:
        copy.set_types(_TYPES)
        for row in rows:
            problems = _problems([*row.problems, *row.notices], plan)
            copy.write_row((job.pk, row.number, _cells(row), row.key, row.nth, row.becomes, problems))


def _cells(row: Row) -> str:
    """Write the cells as JSON; a NUL, which PostgreSQL takes nowhere, is shown as a replacement."""
    text = json.dumps(row.cells, ensure_ascii=False)
    if "\\u0000" in text:
        text = json.dumps([cell.replace("\0", "�") for cell in row.cells], ensure_ascii=False)
    return text


def _problems(problems: Sequence[Problem], plan: Plan) -> str | None:
    """Write problems as they are kept: under the file's own names of columns."""
    if not problems:
        return None
    return json.dumps(as_stored(problems, plan))


def as_stored(problems: Iterable[Problem], plan: Plan) -> list[dict[str, object]]:
    return [replace(problem, column=plan.header(problem.column)).as_json() for problem in problems]
