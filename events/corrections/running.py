"""Corrections carried out and undone, chunk by chunk: what a chunk did is committed with the job's place."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import OperationalError

from core import days
from core.jobs import leased
from core.jobs.leased import Clock, J
from customers import change_feed
from customers.models import Act
from events.corrections import seen, selection, taking
from events.corrections.taking import Row
from events.ingest import RETRIED
from events.log import belonging, telling, type_days
from events.models import Correction, CorrectionPart

TRIES = 3
MOST_KEYS = 500  # customers or acts in one chunk

State = Correction.State

# What was told again once, and by whom, tells the copies from the events they were made of.
_LIVE = "void_on IS NULL"
_NOT_RESTORED = """
    void_on IS NOT NULL AND NOT EXISTS (
        SELECT FROM events_event AS again
        WHERE again.told_act_id IN (SELECT id FROM customers_act WHERE part_of_id = %(undo)s)
        AND again.message_hash = event.message_hash AND again.source_id = event.source_id
    )
"""
_AS_IT_WAS = """
    COALESCE((
        SELECT original.{column} FROM events_event AS original
        WHERE original.void_act_id = event.told_act_id
        AND original.message_hash = event.message_hash AND original.source_id = event.source_id LIMIT 1
    ), event.{column})
"""


def carry_out(job: Correction, clock: Clock) -> Iterator[None]:
    """Withdraw or tell again, chunk by chunk; then count again, until nothing is left."""
    while job.state == State.RUNNING:
        committed(job, clock, _carry_out_some)
        yield


def undo(job: Correction, clock: Clock) -> Iterator[None]:
    """Restore what was withdrawn and take copies back, chunk by chunk."""
    while job.state == State.UNDOING:
        committed(job, clock, _undo_some)
        yield


def committed(job: J, clock: Clock, chunk: Callable[[J, datetime], None]) -> None:
    """Do one chunk, again when it lost a deadlock: to a batch that is stored, or events that move."""
    for left in reversed(range(TRIES)):
        try:
            with leased.step(job, clock) as held:
                chunk(held, clock())
            return
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, RETRIED):
                raise


def _carry_out_some(job: Correction, now: datetime) -> None:
    parts = CorrectionPart.objects.filter(of=job, customer__gt=job.at_key).order_by("customer_id")
    batch = taking.batch(job, parts.values_list("customer_id", "events")[:MOST_KEYS])
    if not batch.keys:
        # Events that moved meanwhile, or were being stored when their type changed, are found by counting once more.
        job.state, job.at_key, job.at_moment = State.RECOUNTING, -1, None
        return
    open_day = days.lock_open_day(now)
    rows = batch.choose("customer_id", f"{_LIVE} AND {selection.where(job)}")
    if rows:
        _change(job, rows, open_day, now)
    taking.move_on(job, batch, rows)


def _change(job: Correction, rows: list[Row], open_day: date, now: datetime) -> None:
    assert job.act is not None
    which = taking.which(rows, taking.note(job.act, rows, now=now))
    if job.kind == Correction.Kind.WITHDRAW:
        seen.free(rows)
        telling.withdraw(which, act=None, open_day=open_day, limit=len(rows))
    else:
        changed = selection.changed(job)
        telling.tell_again(which, changed=changed, act=None, open_day=open_day, limit=len(rows))
        if job.to_type_id is not None:
            by_contact = changed["is_activity"] == "TRUE" and any(row.contact is not None for row in rows)
            first = min(row.day for row in rows)
            type_days.note_told(job.to_type_id, day=first, known_on=open_day, by_contact=by_contact)
    job.changed += len(rows)


def _undo_some(job: Correction, now: datetime) -> None:
    acts = Act.objects.filter(part_of=job.act, pk__gt=job.at_key).order_by("pk")
    batch = taking.batch(job, ((act.pk, act.detail.get("events", 0)) for act in acts[:MOST_KEYS]))
    if not batch.keys:
        job.state, job.finished_at, job.lease = State.UNDONE, now, None
        return
    open_day = days.lock_open_day(now)
    is_withdrawal = job.kind == Correction.Kind.WITHDRAW
    key, where = ("void_act_id", _NOT_RESTORED) if is_withdrawal else ("told_act_id", _LIVE)
    rows = batch.choose(key, where, {"undo": job.undo_act_id})
    restored = seen.claim(rows) if is_withdrawal else rows
    if restored:
        _change_back(job, restored, open_day, now)
    taking.move_on(job, batch, rows)


def _change_back(job: Correction, rows: list[Row], open_day: date, now: datetime) -> None:
    assert job.undo_act is not None
    which = taking.which(rows, taking.note(job.undo_act, rows, now=now))
    if job.kind == Correction.Kind.WITHDRAW:
        telling.restore(which, act=None, open_day=open_day, limit=len(rows))
    else:
        was = {column: _AS_IT_WAS.format(column=column) for column in ("event_type_id", "is_activity")}
        telling.tell_again(which, changed=was, act=None, open_day=open_day, limit=len(rows))
    job.restored += len(rows)
    _settle(rows)


def _settle(rows: list[Row]) -> None:
    """Have events moved that belong elsewhere by now: what is withdrawn is moved by nobody. Two queries at most."""
    change_feed.resettle(belonging.among({row.customer for row in rows}, {row.at for row in rows}))
