"""Preparing what-if for many customers: shard by shard, shared by workers, begun by a person, ended by one."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from core.jobs import periodic
from core.models import Run
from customers.models import Act, Customer
from scoring.models import Prepared, PreparedShard, ScoringModel
from scoring.runs import shards
from scoring.what_if import base, swap
from scoring.what_if.base import Part
from scoring.what_if.gather import gather
from scoring.what_if.swap import Swap
from staff.models import User

logger = logging.getLogger(__name__)

JOB = "what-if"
KEPT = timedelta(days=3)
ROUND = timedelta(seconds=60)  # then the bell's next ring goes on, so that one draft does not keep a worker
USUAL_SPEED = 5_000  # customers a second, until one was prepared here

Clock = Callable[[], datetime]


def find(asked: Swap) -> Prepared | None:
    """Return what is prepared, or being prepared; not what a merge or a correction has overtaken. Two queries."""
    found = Prepared.objects.filter(key=asked.key).first()
    if found is None or Act.objects.filter(at__gt=found.asked_at, from_day__lte=asked.day).exists():
        return None
    return found


@transaction.atomic
def ask(asked: Swap, *, now: datetime, by: User | None) -> Prepared:
    """Have the base made, again if it was made before; one that is being made goes on."""
    ScoringModel.objects.select_for_update().get(pk=asked.draft.pk)
    there = find(asked)
    if there is not None and there.made_at is None and there.failed_at is None:
        return there
    for old in Prepared.objects.filter(key=asked.key):
        cancel(old)
    every = shards.all_of_them()
    made = Prepared.objects.create(
        key=asked.key, model=asked.draft, day=asked.day, shards=len(every), asked_at=now, asked_by=by
    )
    periodic.plan(JOB, str(made.pk), every)
    return made


@transaction.atomic
def cancel(prepared: Prepared) -> None:
    """Forget what was made and what is left to do; a worker that holds a shard finds it gone."""
    Run.objects.filter(job=JOB, period=str(prepared.pk)).delete()
    Prepared.objects.filter(pk=prepared.pk).delete()


def work(*, clock: Clock) -> int:
    """Make the shards that wait, for a minute at most; return how many were made."""
    until, done = clock() + ROUND, 0
    while clock() < until and (run := periodic.claim(JOB, now=clock())):
        prepared = Prepared.objects.select_related("model__segment").filter(pk=run.period).first()
        asked = None if prepared is None else _as_asked(prepared)
        if prepared is None or asked is None:
            Run.objects.filter(job=JOB, period=run.period).delete()
            continue
        try:
            while run is not None:
                _make(asked, prepared, run, clock)
                done += 1
                run = periodic.claim(JOB, now=clock(), period=str(prepared.pk)) if clock() < until else None
        except Exception:
            logger.exception("what-if of version %s could not be prepared", prepared.model_id)
            _give_up(prepared, clock())
    return done


def _as_asked(prepared: Prepared) -> Swap | None:
    """Load the draft; None, and the end of it, when draft or publications have changed since."""
    try:
        asked = swap.of(prepared.model, prepared.day)
    except swap.NoAnswer:
        asked = None
    if asked is None or asked.key != prepared.key:
        cancel(prepared)
        return None
    return asked


def _make(asked: Swap, prepared: Prepared, run: Run, clock: Clock) -> None:
    body = base.pack(gather(asked, shards.customers(run.shard, of=Customer.objects.known())))
    with transaction.atomic():
        held = Prepared.objects.select_for_update().filter(pk=prepared.pk).first()
        if held is None:
            return
        PreparedShard.objects.bulk_create([PreparedShard(of=held, shard=run.shard, body=body)], ignore_conflicts=True)
        periodic.finish(run, now=clock())
        if periodic.is_done(JOB, run.period):
            held.made_at = clock()
            held.save(update_fields=["made_at"])


def _give_up(prepared: Prepared, now: datetime) -> None:
    Run.objects.filter(job=JOB, period=str(prepared.pk)).delete()
    Prepared.objects.filter(pk=prepared.pk).update(failed_at=now)


def progress(prepared: Prepared) -> int:
    """Return how many shards are made. One query."""
    return PreparedShard.objects.filter(of=prepared).count()


def load(prepared: Prepared) -> list[Part]:
    """Return the base. One query."""
    bodies = PreparedShard.objects.filter(of=prepared).order_by("shard").values_list("body", flat=True)
    return [part for body in bodies.iterator(chunk_size=20) for part in base.unpack(bytes(body))]


def seconds_needed(customers: int) -> int:
    """Guess how long it takes, from the last time."""
    last = Prepared.objects.exclude(made_at=None).order_by("-made_at").first()
    if last is not None and last.made_at is not None:
        speed = last.shards * shards.SIZE / max(1.0, (last.made_at - last.asked_at).total_seconds())
        return max(1, round(customers / speed))
    return max(1, customers // USUAL_SPEED)


def forget_old(*, now: datetime) -> int:
    """Delete what was prepared days ago, and what is left of it; return how many bases went."""
    old = list(Prepared.objects.filter(asked_at__lt=now - KEPT))
    for prepared in old:
        cancel(prepared)
    return len(old)
