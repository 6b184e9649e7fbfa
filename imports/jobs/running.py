"""The import itself: rows written chunk by chunk, then what needs all of them, then the past scores."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import DataError, IntegrityError, transaction

from core import days
from core.db import halving
from core.jobs import leased
from core.jobs.leased import Clock
from customers.models import WrongId
from imports.cells.formats import Formats
from imports.jobs.checking import as_stored, count
from imports.kinds import KINDS
from imports.mapping import lookups
from imports.mapping.plan import Plan
from imports.mapping.schema import BAD, CHANGED, NEW, ImportContext, Row
from imports.models import FilePart, Import, ImportedCustomer, StagedRow, State, SurveyedIds
from imports.models.import_ import Phase
from imports.problems import Problem, shown
from scoring.runs import history

CHUNK = 2_000  # rows in one transaction
CUSTOMERS = 200  # whose past is written in one transaction
Writer = Callable[[Sequence[Row], ImportContext], Iterable[int]]
_REFUSALS = (ValueError, LookupError, IntegrityError, DataError)


def steps(job: Import, clock: Clock) -> Iterator[None]:
    """Do what is left, yielding after each chunk that is committed. Raises Lost and Stopped."""
    kind = KINDS[job.kind]
    plan = Plan(kind, job.headers, job.mapping, Formats.from_stored(job.formats), job.once, WrongId.objects.known())
    context = ImportContext(now=clock(), by=job.by, history=job.history, coming=None, job=job.pk)
    if job.phase == Phase.ROWS:
        yield from _rows(job, plan, context, clock)
        with leased.step(job, clock) as held:
            # The phase and its place in one commit: a worker that takes over must not begin the rows again.
            held.phase, held.at_number = Phase.LINKS, 0
    if job.phase == Phase.LINKS:
        if kind.link is not None and plan.has(kind.links):
            yield from _links(job, plan, replace(context, coming=()), clock)
        with leased.step(job, clock) as held:
            held.phase, held.at_number = Phase.PAST, 0
    if job.history:
        yield from _past(job, clock)
    with leased.step(job, clock) as held:
        held.state, held.finished_at, held.lease = State.DONE, clock(), None
        held.written = {"bad": held.found["bad"], **held.written}
        _tidy(held)
        held.tell_ended(clock())


def _rows(job: Import, plan: Plan, context: ImportContext, clock: Clock) -> Iterator[None]:
    while staged := _next(job):
        context = replace(context, now=clock())
        if plan.kind.prepare is not None:
            # Before the transaction: shared rows, such as event types, would stay locked as long as the chunk takes.
            plan.kind.prepare([row for row in _read(staged, plan) if not row.problems], context)
        with leased.step(job, clock) as held:
            rows = _read(staged, plan)
            lookups.settle(rows, plan, context)
            # Again, though the check did it: rows may have changed since, and the report says what really happened.
            lookups.compare(rows, plan, context)
            to_write = [row for row in rows if row.becomes in (NEW, CHANGED)]
            customers = _write(to_write, context, plan.kind.write)
            _refuse(rows, plan, held)
            held.written = count(held.written or {"bad": held.found["bad"]}, rows)
            held.at_number, held.done_rows = rows[-1].number, held.done_rows + len(rows)
            if job.history:
                _remember(held, customers, [row for row in to_write if row.becomes != BAD], context.now)
        yield


def _links(job: Import, plan: Plan, context: ImportContext, clock: Clock) -> Iterator[None]:
    def link(rows: Sequence[Row], context: ImportContext) -> tuple[int, ...]:
        assert plan.kind.link is not None
        plan.kind.link(rows, context)
        return ()

    while staged := _next(job):
        with leased.step(job, clock) as held:
            rows = _read(staged, plan)
            before = {row.number: row.becomes for row in staged}
            lookups.settle(rows, plan, replace(context, now=clock()))
            _write([row for row in rows if not row.problems], context, link)
            bad = _refuse(rows, plan, held)
            held.at_number = rows[-1].number
            for row in bad:
                held.written[before[row.number]] = held.written.get(before[row.number], 0) - 1
                held.written["bad"] += 1
        yield


def _past(job: Import, clock: Clock) -> Iterator[None]:
    """Write past scores again, some customers at a time; a killed import goes on with the next."""
    waiting = ImportedCustomer.objects.filter(of=job).order_by("customer")
    while ids := list(waiting.filter(customer__gt=job.at_number).values_list("customer", flat=True)[:CUSTOMERS]):
        with leased.step(job, clock) as held:
            if held.first_on and held.last_on:
                history.backfill(ids, held.first_on, held.last_on, now=clock())
            held.at_number = ids[-1]
        yield


def _next(job: Import) -> list[StagedRow]:
    rows = StagedRow.objects.filter(of=job, number__gt=job.at_number).exclude(becomes=BAD)
    return list(rows.order_by("number")[:CHUNK])


def _read(staged: Sequence[StagedRow], plan: Plan) -> list[Row]:
    rows = [plan.read(row.number, row.cells) for row in staged]
    for row, stored in zip(rows, staged, strict=True):
        row.nth = stored.nth
    return rows


def _write(
    rows: Sequence[Row], context: ImportContext, write: "Callable[[Sequence[Row], ImportContext], Iterable[int]]"
) -> set[int]:
    """Write the rows; when they are refused, narrow down to the one that is, which then says so."""

    def write_part(part: Sequence[Row]) -> set[int]:
        with transaction.atomic():
            return set(write(part, context))

    def refused(row: Row, error: Exception) -> set[int]:
        row.problems.append(Problem("refused", params={"got": shown(str(error).partition("\n")[0])}))
        row.becomes = BAD
        return set()

    written = halving.write(rows, write_part, refusals=_REFUSALS, refused=refused)
    return {customer for customers in written for customer in customers}


def _refuse(rows: Sequence[Row], plan: Plan, job: Import) -> list[Row]:
    """Note rows that turned out wrong since they were checked."""
    bad = [row for row in rows if row.problems]
    for row in bad:
        row.becomes = BAD
        StagedRow.objects.filter(of=job, number=row.number).update(becomes=BAD, problems=as_stored(row.problems, plan))
    return bad


def _remember(job: Import, customers: set[int], rows: Sequence[Row], now: datetime) -> None:
    """Keep whose past was changed, and which days of it."""
    ImportedCustomer.objects.bulk_create(
        [ImportedCustomer(of=job, customer=pk) for pk in sorted(customers)], ignore_conflicts=True
    )
    dates = {day for row in rows for value in row.values.values() if (day := _day(value)) is not None}
    dates = {day for day in dates if day <= days.business_day(now)}
    if dates:
        job.first_on, job.last_on = min(job.first_on or date.max, *dates), max(job.last_on or date.min, *dates)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return days.business_day(value)
    return value if isinstance(value, date) else None


def _tidy(job: Import) -> None:
    """Delete what only the work needed. The rows that are wrong stay for the error file."""
    FilePart.objects.filter(of=job).delete()
    SurveyedIds.objects.filter(of=job).delete()
    ImportedCustomer.objects.filter(of=job).delete()
    StagedRow.objects.filter(of=job).exclude(becomes=BAD).delete()
