"""What a correction is about and what it would change, found before anything is changed, shard by shard."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from core.jobs import leased
from core.jobs.leased import Clock
from customers.models import Customer
from events.corrections import selection
from events.models import Correction, CorrectionPart

SHARD = 5_000  # customer ids that are looked through in one transaction
WEIGHED = 500  # customers whose scores are compared in one
SAMPLE = 2_000  # customers; the scores of more are compared for a sample of so many
SEED = 11

State = Correction.State
Effect = dict[str, Any]

_COUNT = """
    SELECT customer_id, event_type_id, {own}, count(*), min(day), max(day) FROM events_event AS event
    WHERE customer_id BETWEEN %s AND %s AND void_on IS NULL AND {where} GROUP BY 1, 2, 3
"""


def count(job: Correction, clock: Clock) -> Iterator[None]:
    """Count the events of the preview, and see which customers have any."""
    while (shard := next_shard(job)) is not None:
        with leased.step(job, clock) as held:
            _count(held, shard, selection.own(), _asked(held))
            held.at_key = shard
        yield
    with leased.step(job, clock) as held:
        held.customers = CorrectionPart.objects.filter(of=held).count()
        held.state, held.at_key = State.WEIGHING, -1
        held.effect = {"of": min(held.customers, SAMPLE), "sampled": held.customers > SAMPLE}
    yield


def count_again(job: Correction, clock: Clock) -> Iterator[None]:
    """Count what is left to do; when there is something, do that too."""
    while (shard := next_shard(job)) is not None:
        with leased.step(job, clock) as held:
            if held.at_key < 0:
                CorrectionPart.objects.filter(of=held).delete()
            left: Counter[int] = Counter()
            for customer, _type, _own, events, *_days in _rows(shard, "FALSE", selection.where(held)):
                left[customer] += events
            _add(held, left)
            held.at_key = shard
        yield
    with leased.step(job, clock) as held:
        is_left = CorrectionPart.objects.filter(of=held).exists()
        held.state, held.at_key = State.RUNNING if is_left else State.DONE, -1
        if not is_left:
            held.finished_at, held.lease = clock(), None
    yield


def weigh(job: Correction, clock: Clock) -> Iterator[None]:
    """Compare scores before and after, of all customers concerned or of a sample that is always the same."""
    customers = _to_be_weighed(job)
    while some := [pk for pk in customers if pk > job.at_key][:WEIGHED]:
        with leased.step(job, clock) as held:
            held.effect = _sum(held.effect, _effect()(held, some, clock()))
            held.at_key = some[-1]
        yield
    with leased.step(job, clock) as held:
        held.state, held.at_key, held.lease = State.READY, -1, None
    yield


def shards(job: Correction) -> int:
    """Return how many shards are looked through. One query, none for one customer."""
    if job.customer_id is not None:
        return job.customer_id // SHARD + 1
    return (Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) // SHARD + 1


def next_shard(job: Correction) -> int | None:
    if job.customer_id is not None:
        only = job.customer_id // SHARD
        return only if job.at_key < only else None
    return job.at_key + 1 if job.at_key + 1 < shards(job) else None


def _asked(job: Correction) -> str:
    """Return the condition of what the preview counts: of a type that changes all events, rewritten or not."""
    done = f"event.event_type_id <> {int(job.to_type_id)}" if job.to_type_id is not None else "TRUE"
    return f"{selection.asked(job)} AND {done}"


def _rows(shard: int, own: str, where: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(own=own, where=where), [shard * SHARD, (shard + 1) * SHARD - 1])
        return cursor.fetchall()


def _count(job: Correction, shard: int, own: str, where: str) -> None:
    customers: Counter[int] = Counter()
    types = Counter({int(pk): events for pk, events in job.types.items()})
    for customer, event_type, is_own, events, first, last in _rows(shard, "FALSE" if job.is_of_type else own, where):
        if is_own:
            job.own += events
            continue
        customers[customer] += events
        types[event_type] += events
        job.events += events
        job.from_day, job.to_day = min(job.from_day or date.max, first), max(job.to_day or date.min, last)
    job.types = {str(pk): events for pk, events in types.items()}
    _add(job, customers)


def _add(job: Correction, customers: dict[int, int]) -> None:
    CorrectionPart.objects.bulk_create(
        [CorrectionPart(of=job, customer_id=pk, events=events) for pk, events in sorted(customers.items())]
    )


def _to_be_weighed(job: Correction) -> list[int]:
    concerned = CorrectionPart.objects.filter(of=job).order_by("customer_id").values_list("customer_id", flat=True)
    customers = list(concerned)
    # Seeded: a worker that goes on weighs the same ones.
    return sorted(random.Random(SEED).sample(customers, SAMPLE)) if len(customers) > SAMPLE else customers  # noqa: S311


def _effect() -> Callable[[Correction, Sequence[int], datetime], Effect]:
    """Return what compares the scores: scoring is above this app."""
    found: Callable[[Correction, Sequence[int], datetime], Effect] = import_string(settings.EFFECT_OF_CORRECTIONS)
    return found


def _sum(before: Effect, more: Effect) -> Effect:
    sums = {name: before.get(name, 0) + more[name] for name in ("scored", "lost", "sum", "bands")}
    return {**before, **sums, "largest": max(before.get("largest", 0), more["largest"], key=abs)}
