"""Bases that are kept: prepared by workers, shard by shard, for large portfolios; and cached in this process.

Each shard is a row of `core.jobs.periodic`, because several workers share one base. It is made at least once; it is
stored once, with the row that says so, in one transaction.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from django.db import transaction

from core.jobs import periodic, waking
from core.jobs.leased import MOST_TRIES, Clock, Round
from core.models import Run
from customers.models import Customer
from scoring.models import Prepared, PreparedShard, ScoringModel
from scoring.runs import shards
from scoring.what_if import packing
from scoring.what_if.base import Part, gather
from scoring.what_if.swap import NoAnswer, Swap, load_swap
from staff.models import User

logger = logging.getLogger(__name__)

JOB = "what-if"
TASK = "scoring.tasks.prepare_what_if"
KEPT = timedelta(days=3)
MOST_CACHED_BYTES = 256 * 2**20
ROUND = timedelta(seconds=60)  # so that one draft does not keep a worker from the others


def find(swap: Swap) -> Prepared | None:
    """Return what is prepared, or being prepared. One query."""
    return Prepared.objects.filter(key=swap.key).first()


@transaction.atomic
def start(swap: Swap, *, now: datetime, by: User | None) -> Prepared:
    """Have workers make the base, again if it was made before; one that is being made goes on."""
    # Two people who start at the same time meet at this lock; the second one is given the first one's base.
    ScoringModel.objects.select_for_update().get(pk=swap.draft.pk)
    current = find(swap)
    if current is not None and current.made_at is None and current.failed_at is None:
        return current
    for old in Prepared.objects.filter(key=swap.key):
        cancel(old)
    every = shards.all_of_them()
    made = Prepared.objects.create(
        key=swap.key, model=swap.draft, day=swap.day, shards=len(every), asked_at=now, asked_by=by
    )
    periodic.plan(JOB, str(made.pk), every)
    waking.after_commit(TASK)
    return made


@transaction.atomic
def cancel(prepared: Prepared) -> None:
    """Forget what was made and what is left to do; a worker that holds a shard finds it gone."""
    Run.objects.filter(job=JOB, period=str(prepared.pk)).delete()
    Prepared.objects.filter(pk=prepared.pk).delete()


def work(*, clock: Clock) -> int:
    """Make the shards that wait, for a minute at most; return how many were made.

    A preparing that raises an error is given up at once, one whose workers die after MOST_TRIES of the same shard.
    """
    this_round, done = Round(clock, ROUND), 0
    while not this_round.is_over and (run := _claim(clock)):
        prepared = Prepared.objects.select_related("model__segment").filter(pk=run.period).first()
        swap = None if prepared is None else _unchanged_swap(prepared)
        if prepared is None or swap is None:
            Run.objects.filter(job=JOB, period=run.period).delete()
            continue
        try:
            while run is not None:
                _make(swap, prepared, run, clock)
                done += 1
                run = None if this_round.is_over else _claim(clock, period=str(prepared.pk))
        except Exception:
            logger.exception("what-if of version %s could not be prepared", prepared.model_id)
            _give_up(str(prepared.pk), clock())
    if this_round.is_over:
        waking.wake(TASK)  # something may be left
    return done


def _claim(clock: Clock, period: str | None = None) -> Run | None:
    """Return a shard to make, leased; gives up the preparings it meets whose shard killed MOST_TRIES workers."""
    while (run := periodic.claim(JOB, now=clock(), period=period)) is not None and run.tries > MOST_TRIES:
        logger.error("what-if: shard %s of base %s was never finished in %s tries", run.shard, run.period, MOST_TRIES)
        _give_up(run.period, clock())
    return run


def _unchanged_swap(prepared: Prepared) -> Swap | None:
    """Load the draft; None, and the end of it, when draft or publications have changed since."""
    try:
        swap = load_swap(prepared.model, prepared.day)
    except NoAnswer:
        swap = None
    if swap is None or swap.key != prepared.key:
        cancel(prepared)
        return None
    return swap


def _make(swap: Swap, prepared: Prepared, run: Run, clock: Clock) -> None:
    body = packing.pack(gather(swap, shards.customers(run.shard, of=Customer.objects.known())))
    with transaction.atomic():
        held = Prepared.objects.select_for_update().filter(pk=prepared.pk).first()
        # Cancelled meanwhile: nobody wants the shard.
        if held is None:
            return
        PreparedShard.objects.bulk_create([PreparedShard(of=held, shard=run.shard, body=body)], ignore_conflicts=True)
        periodic.finish(run, now=clock())
        if periodic.is_done(JOB, run.period):
            held.made_at = clock()
            held.save(update_fields=["made_at"])


def _give_up(period: str, now: datetime) -> None:
    Run.objects.filter(job=JOB, period=period).delete()
    Prepared.objects.filter(pk=period).update(failed_at=now)


def progress(prepared: Prepared) -> int:
    """Return how many shards are made. One query."""
    return PreparedShard.objects.filter(of=prepared).count()


def load(prepared: Prepared) -> list[Part]:
    """Return the base. One query."""
    bodies = PreparedShard.objects.filter(of=prepared).order_by("shard").values_list("body", flat=True)
    return [part for body in bodies.iterator(chunk_size=20) for part in packing.unpack(bytes(body))]


def forget_old(*, now: datetime) -> int:
    """Delete what was prepared days ago, and what is left of it; return how many bases went."""
    old = list(Prepared.objects.filter(asked_at__lt=now - KEPT))
    for prepared in old:
        cancel(prepared)
    return len(old)


class BaseCache:
    """Bases kept in this process after their first use: the least used go first, and none stays that is too large."""

    def __init__(self, most_bytes: int = MOST_CACHED_BYTES) -> None:
        self._most, self._lock = most_bytes, Lock()
        self._kept: OrderedDict[str, tuple[datetime, int, list[Part]]] = OrderedDict()

    def get(self, key: str, make: Callable[[], list[Part]], *, now: datetime, good_for: timedelta) -> list[Part]:
        """Return the parts kept under the key for at most `good_for`, else make and keep them."""
        with self._lock:
            entry = self._kept.pop(key, None)
            if entry is not None and now - entry[0] <= good_for:
                self._kept[key] = entry  # the last in order again: the first are the least used
                return entry[2]
        parts = make()  # outside the lock: it takes seconds, and two who make the same base only lose time
        size = sum(part.size for part in parts)
        with self._lock:
            self._kept[key] = (now, size, parts)
            while sum(size for _, size, _ in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return parts

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


cache = BaseCache()
