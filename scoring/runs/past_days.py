"""Past days of the whole portfolio under the versions that score today, which portfolios are compared with.

A day is made once for the published versions, shard by shard, by whichever workers are free. A customer whose history
of the day is of the version that scores it now is taken from there; others are judged as the day was known then.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import DataError, IntegrityError, InternalError, ProgrammingError, connection, transaction

from core import days
from core.db import bulk, halving
from core.jobs import periodic, waking
from core.models import Run
from core.money import Rates
from customers.models import Customer
from scoring.inputs import several_days, stages
from scoring.model_versions import assigned
from scoring.model_versions.assigned import Assigned
from scoring.models import PastBand, PastDay, ScoreHistory, ScoringModel, Status
from scoring.runs import recompute, shards
from scoring.vectorised import BatchEngine

logger = logging.getLogger(__name__)

JOB = "past-days"
TASK = "scoring.tasks.make_past_days"
BATCH = 2_000
KEPT = timedelta(days=2)  # after it is needed no more: links to it may be open somewhere

# Whatever the data of a customer do, the others' day is made. Not what says that the day is gone, or the server fails.
_REFUSALS = (ArithmeticError, ValueError, DataError, InternalError, ProgrammingError)

Bands = tuple[str | None, str | None]  # health, engagement
Worth = tuple[Decimal | None, bool]  # a month in BASE_CURRENCY, and whether it is today's


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


# The name of a period → its last day before it began. Each runs up to today.
PERIODS: Mapping[str, Callable[[date], date]] = {
    "month": lambda today: (today.replace(day=1) - days.ONE_DAY).replace(day=1) - days.ONE_DAY,
    "7": lambda today: today - timedelta(days=7),
    "30": lambda today: today - timedelta(days=30),
    "90": lambda today: today - timedelta(days=90),
    "quarter": lambda today: _quarter(today) - days.ONE_DAY,
}


def current_versions() -> str:
    """Name the published versions, as a made day does; "" before the first publication. One query."""
    published = ScoringModel.objects.filter(status=Status.PUBLISHED).order_by("pk").values_list("pk", flat=True)
    return "+".join(map(str, published))


def find(day: date) -> PastDay | None:
    """Return the day under the versions that score today, made or being made. Two queries."""
    return PastDay.objects.filter(day=day, versions=current_versions()).first()


def make(*, now: datetime) -> int:
    """Make the due shards of every day that portfolios are compared with today; return how many were made."""
    models = assigned.load()
    if models is None:
        return 0
    _plan(current_versions(), now)
    done = 0
    while run := periodic.claim(JOB, now=now):
        past_day = PastDay.objects.filter(pk=run.period).first()
        if past_day is None or past_day.versions != current_versions():
            Run.objects.filter(job=JOB, period=run.period).delete()
            _drop([past_day] if past_day else [])  # without its shards it would never be made
            continue
        try:
            _make_shard(models, past_day, run, now)
        except IntegrityError:
            logger.info("past day %s was forgotten while it was made", past_day)
            continue
        done += 1
    return done


def _plan(versions: str, now: datetime) -> None:
    """Ask for the days that are needed and not there, and forget those that are needed no more."""
    today = days.business_day(now)
    needed = {start(today) for start in PERIODS.values()}
    standing = set(PastDay.objects.filter(versions=versions, day__in=needed).values_list("day", flat=True))
    with transaction.atomic():
        new = [PastDay(day=day, versions=versions, asked_at=now) for day in sorted(needed - standing)]
        # Of two workers that plan at once, the second one finds the row there and plans nothing.
        PastDay.objects.bulk_create(new, ignore_conflicts=True)
        for past_day in PastDay.objects.filter(day__in=[row.day for row in new], versions=versions, made_at=None):
            periodic.plan(JOB, str(past_day.pk), shards.all_of_them())
    if new:
        waking.wake(TASK)  # so that the other workers share in it
    _drop(list(PastDay.objects.exclude(day__in=needed, versions=versions).filter(asked_at__lt=now - KEPT)))


def forget(first: date, last: date) -> None:
    """Delete what was made of days whose history is written again: it is made again when it is needed."""
    _drop(list(PastDay.objects.filter(day__range=(first, last))))


def _drop(old: Sequence[PastDay]) -> None:
    for past_day in old:
        with transaction.atomic():
            Run.objects.filter(job=JOB, period=str(past_day.pk)).delete()
            PastBand.objects.filter(of=past_day).delete()
            past_day.delete()


def _make_shard(models: Assigned, past_day: PastDay, run: Run, now: datetime) -> None:
    customers = shards.customers(run.shard, of=Customer.objects.known())

    def write(part: Sequence[int]) -> None:
        with transaction.atomic():
            _write(past_day, dict(_bands(models, part, past_day.day)))

    def leave_out(customer: int, error: Exception) -> None:
        logger.error("customer %s cannot be judged on %s and is left out: %s", customer, past_day.day, error)

    for start in range(0, len(customers), BATCH):
        halving.write(customers[start : start + BATCH], write, refusals=_REFUSALS, refused=leave_out)
    with transaction.atomic():
        periodic.finish(run, now=now)
        if periodic.is_done(JOB, run.period):
            PastDay.objects.filter(pk=past_day.pk).update(made_at=now)


def _bands(models: Assigned, customers: Sequence[int], day: date) -> Iterator[tuple[int, Bands]]:
    """Yield the bands of those of the customers who were followed on the day, each by the model that scores it now."""
    for batch_engine, part in models.parts(stages.followed_then(customers, day).tolist()):
        history = ScoreHistory.objects.filter(customer__in=part, day=day, model=batch_engine.model.version)
        there = {pk: (health, band) for pk, health, band in history.values_list(*_OF_HISTORY)}
        yield from there.items()
        if lacking := [pk for pk in part if pk not in there]:
            yield from _judged(batch_engine, lacking, day)


_OF_HISTORY = ("customer", "health_band", "engagement_band")


def _judged(batch_engine: BatchEngine, customers: Sequence[int], day: date) -> Iterator[tuple[int, Bands]]:
    for then, columns in several_days.days_as_known_then(batch_engine, customers, [day]):
        for row in batch_engine.judge(recompute.facts(batch_engine, columns, then, digests=False)).rows():
            yield row.customer, (row.health_band, row.engagement_band)


_INSERT = """
    INSERT INTO scoring_pastband (of_id, customer_id, health_band, engagement_band, monthly_value, value_is_current)
    SELECT %s, new.* FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[], %s::boolean[]) AS new
    ON CONFLICT DO NOTHING
"""


def _write(past_day: PastDay, bands: Mapping[int, Bands]) -> None:
    if bands:
        worth = worth_then(sorted(bands), past_day.day)
        rows = [(pk, *bands[pk], *worth[pk]) for pk in sorted(bands)]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [past_day.pk, *map(bulk.array, zip(*rows, strict=True))])


_WORTH = """
    SELECT customer.id, logged.known_on IS NOT NULL, logged.number, logged.text, customer.mrr, customer.currency
    FROM customers_customer AS customer
    LEFT JOIN LATERAL (
        SELECT known_on, number, text FROM customers_inputlog
        WHERE customer_id = customer.id AND name = 'mrr' AND known_on <= %s ORDER BY known_on DESC LIMIT 1
    ) AS logged ON true
    WHERE customer.id = ANY(%s::bigint[])
"""


def worth_then(customers: Sequence[int], day: date) -> dict[int, Worth]:
    """Return customer → what it paid a month as logged by the day, at the day's rate; else what it pays today.

    One query, one more with other currencies.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, [day, list(customers)])
        rows = cursor.fetchall()
    rates = Rates({currency for _, is_logged, _, text, _, own in rows for currency in [text if is_logged else own]})
    worth: dict[int, Worth] = {}
    for pk, is_logged, number, currency, mrr, own in rows:
        amount = mrr if not is_logged else None if number is None else Decimal(number) / 1000
        value = None if amount is None else rates.in_base(amount, currency if is_logged else own, day)
        worth[pk] = (None if value is None else value.quantize(Decimal("0.01")), not is_logged and value is not None)
    return worth
