"""History: each day's scores as known at its close, and the transitions between bands.

Two writers only. The close of a day writes shard by shard, never over a row that stands; the back-fill after a
declared history import writes its own customers' past days again. Both come here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection, transaction

from core import days
from core.db import bulk, locks
from core.jobs import periodic
from customers.models import Customer
from customers.segments import membership
from scoring.inputs import stages
from scoring.model_versions import assigned, versions
from scoring.model_versions.assigned import Assigned
from scoring.models import ScoreHistory, ScoringModel
from scoring.risk.danger import is_in_danger
from scoring.risk.signals import FALL_DAYS
from scoring.runs import compared, day_shares, past_days, recompute, shards, transitions
from scoring.vectorised import BatchEngine, Scores

JOB = "history"  # a row for each closed day and shard
BATCH = 1_000  # customers in one transaction
CLOSE_PATIENCE = 2  # seconds
FALL = timedelta(days=FALL_DAYS)

Healths = Mapping[int, int | None]  # customer → health in hundredths

_COLUMNS = (
    "customer_id, day, model_id, engagement, engagement_band, health, health_band, coverage, last_active_on,"
    " flagged, inputs_digest, at_risk"
)


def close_days(*, now: datetime) -> int:
    """Close the days that are over, in order, and write their history; return how many shards were written.

    A day is closed once, however many workers are woken; the shards of a worker that died are taken over when its
    lease ends.
    """
    # What a dead worker left first, so that days are written in order.
    done = write_due(now=now)
    for day in list(days.due(now)):
        with transaction.atomic():
            # Everybody who comes later waits behind one who waits for the day alone: rather try again soon.
            locks.give_up_after(CLOSE_PATIENCE)
            # With the plan in one transaction: a closed day without its shards would never get a history.
            if days.close(day, now):
                periodic.plan(JOB, day.isoformat(), shards.all_of_them())
        done += write_due(now=now)
    return done


def write_due(*, now: datetime) -> int:
    """Write the shards of closed days that are not written yet."""
    models = assigned.load()
    done = 0
    while models is not None and (run := periodic.claim(JOB, now=now)):
        customers = shards.customers(run.shard, of=Customer.objects.known())
        day = date.fromisoformat(run.period)
        write_shard(models, day, customers)
        membership.write_gone(day, *shards.bounds(run.shard))
        periodic.finish(run, now=now)
        done += 1
    return done


def write_shard(models: Assigned, day: date, customers: Sequence[int]) -> None:
    """Write one closed day of some customers as known then; rows that stand are left."""
    for start in range(0, len(customers), BATCH):
        # As the log says of that day: who is followed now may not have been then.
        followed = stages.followed_then(customers[start : start + BATCH], day).tolist()
        with transaction.atomic():
            for batch_engine, part in models.parts(followed):
                for scores, past in compared.score(batch_engine, part, day, lags=[FALL_DAYS]):
                    before = {pk: scores[FALL_DAYS].health for pk, scores in past.items() if FALL_DAYS in scores}
                    _store(day, scores, before, batch_engine.model.version)
            transitions.store(followed, day, day)
            # After the scores, which segments may ask for; of everybody, since segments hold not only the followed.
            membership.write(day, customers[start : start + BATCH])


def backfill(
    customers: Collection[int],
    first_day: date,
    last_day: date,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the past of a declared history import again, as known then, with the version each row names.

    Covers `first_day` to `last_day` plus the longest window and the days over which a fall is judged, at most the
    last closed day. Can be run again.
    `progress` is told how many customers are done, of how many.
    """
    models, closed = assigned.load(), days.last_closed()
    if models is None or closed is None:
        return
    ids = sorted(customers)
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            for current, part in models.parts(ids[start : start + BATCH]):
                until = min(date.fromordinal(last_day.toordinal() + current.reach + FALL_DAYS), closed)
                _rewrite(current, part, first_day, until)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))


def _rewrite(current: BatchEngine, customers: Sequence[int], first: date, until: date) -> None:
    version = current.model.version
    rows = ScoreHistory.objects.filter(customer__in=customers, day__range=(first, until)).exclude(model=version)
    # Read before the deletion: each day stays with the version it was scored by.
    named = {(customer, day): model for customer, day, model in rows.values_list("customer", "day", "model")}
    # A fall is measured against days that are in the history, and no others.
    before = ScoreHistory.objects.filter(customer__in=customers, day__gte=first - FALL, day__lt=first)
    there = set(before.values_list("customer", "day"))
    # Deleted, not updated: a day on which a customer turns out not to have been followed must lose its row.
    _delete(customers, first, until)
    for number in sorted({version, *named.values()}):
        batch_engine = current if number == version else BatchEngine(versions.load(ScoringModel.objects.get(pk=number)))
        healths: dict[date, Healths] = {}
        for day, scores in recompute.over_days(batch_engine, customers, first - FALL, until):
            healths[day] = {pk: health for pk, _, health in scores.numbers() if day >= first or (pk, day) in there}
            if day < first:
                continue
            if named:
                ids = scores.customers.tolist()
                scores = scores.only(np.array([named.get((i, day), version) == number for i in ids], dtype=bool))
            _store(day, scores, healths.pop(day - FALL, {}), number)
    transitions.store(customers, first, until)


def _delete(customers: Sequence[int], first: date, until: date) -> None:
    with connection.cursor() as cursor:
        for table in ("scoring_scorehistory", "scoring_transition"):
            cursor.execute(
                f"DELETE FROM {table} WHERE customer_id = ANY(%s) AND day BETWEEN %s AND %s",  # noqa: S608
                [list(customers), first, until],
            )
    compared.forget(customers, first, until)
    day_shares.forget(first, until)
    past_days.forget(first, until)


_INSERT = f"""
    INSERT INTO scoring_scorehistory ({_COLUMNS})
    SELECT new.customer_id, %s, %s, new.engagement, new.engagement_band, new.health, new.health_band, new.coverage,
           new.last_active_on, new.flagged, new.inputs_digest, new.at_risk
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::smallint[], %s::text[], %s::smallint[], %s::date[],
                %s::boolean[], %s::bytea[], %s::boolean[])
         AS new (customer_id, engagement, engagement_band, health, health_band, coverage, last_active_on,
                 flagged, inputs_digest, at_risk)
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def _store(day: date, scores: Scores, before: Healths, version: int) -> None:
    """Write one day of followed customers; `before`: their health FALL_DAYS earlier, by the same version."""
    rows = [
        (*row, is_in_danger(row.engagement_band, row.health, row.health_band, before.get(row.customer)))
        for row in scores.rows()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [day, version, *map(bulk.array, zip(*rows, strict=True))])
