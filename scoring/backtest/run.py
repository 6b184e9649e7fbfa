"""The back-test itself, step by step: score each past day, fit weights, score with these, report.

Each step reads some thousand customers, writes one row of BackTestPart, and can be the last one this worker does.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.jobs import leased
from core.jobs.leased import Clock, JobFailed
from scoring.backtest import fitting, gather, report
from scoring.backtest.setup import CannotTest, Chunk, Setup
from scoring.backtest.split import Role
from scoring.models import BackTest, BackTestPart
from scoring.vectorised import BatchEngine


def steps(job: BackTest, clock: Clock) -> Iterator[None]:
    """Do what is left, yielding after each step that is committed. Raises Lost, Stopped and JobFailed."""
    try:
        setup = Setup(job)
    except CannotTest as refusal:
        raise JobFailed(str(refusal)) from refusal
    # In each round: another worker may go on hours later.
    _refuse_another_version(job, setup)
    chunks, judging = setup.chunks(*Role), setup.chunks(Role.JUDGE)
    while job.at_step < len(chunks):
        body = gather.packed(gather.scored(setup, chunks[job.at_step]))
        with _step(job, clock) as held:
            held.inputs = setup.inputs
            # Score each chunk, fit, score the judging ones with the fit, report.
            held.total_steps = len(chunks) + 1 + len(judging) + 1
            BackTestPart.objects.create(of=held, step=job.at_step, body=body)
        yield
    if job.at_step == len(chunks):
        suggestion = fitting.suggestion(setup, _parts(job, chunks, Role.FIT))
        with _step(job, clock) as held:
            held.result = {"suggestion": suggestion}
        yield
    yield from _with_suggestion(job, setup, chunks, judging, clock)
    result = report.report(setup, job, *(_all_parts(job, chunks, judging)))
    with _step(job, clock) as held:
        held.result = {**held.result, **result}
        held.state, held.finished_at, held.lease = BackTest.State.DONE, clock(), None
        # Megabytes that nothing reads any more, in the transaction that stores the report made from them.
        BackTestPart.objects.filter(of=held).delete()
    yield


@contextmanager
def _step(job: BackTest, clock: Clock) -> Iterator[BackTest]:
    with leased.step(job, clock) as held:
        yield held
        held.at_step += 1


def _with_suggestion(
    job: BackTest, setup: Setup, chunks: Sequence[Chunk], judging: Sequence[Chunk], clock: Clock
) -> Iterator[None]:
    model = fitting.suggested_model(setup, job.result["suggestion"])
    batch_engine = None if model is None else BatchEngine(model)
    first = len(chunks) + 1
    while job.at_step < first + len(judging):
        chunk = judging[job.at_step - first]
        arrays = {}
        if batch_engine is not None:
            rows = gather.unpacked(_body(job, chunks.index(chunk)), ["customer"])
            arrays = gather.suggested(setup, chunk, batch_engine, rows["customer"]) if rows else {}
        with _step(job, clock) as held:
            BackTestPart.objects.create(of=held, step=job.at_step, body=gather.packed(arrays))
        yield


def _body(job: BackTest, step: int) -> bytes:
    return bytes(BackTestPart.objects.get(of=job, step=step).body)


def _parts(job: BackTest, chunks: Sequence[Chunk], *roles: Role) -> Iterator[tuple[Chunk, bytes]]:
    for step, chunk in enumerate(chunks):
        if chunk.stand.role in roles:
            yield chunk, _body(job, step)


def _all_parts(
    job: BackTest, chunks: Sequence[Chunk], judging: Sequence[Chunk]
) -> tuple[Iterator[tuple[Chunk, bytes]], Iterator[bytes]]:
    first = len(chunks) + 1
    return _parts(job, chunks, *Role), (_body(job, first + i) for i in range(len(judging)))


def _refuse_another_version(job: BackTest, setup: Setup) -> None:
    """Refuse a draft or segment edited, or a version published, meanwhile: the days would not be of one version."""
    if not job.inputs:
        return
    same_segment = job.inputs.get("segment") == setup.segment_as_kept
    before = {role: version["digest"] for role, version in job.inputs["versions"].items()}
    now = {role: version["digest"] for role, version in setup.versions.items()}
    if not same_segment or before != now:
        raise JobFailed("changed")
