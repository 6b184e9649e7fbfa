"""The score of a day, and of the days it is compared with, all by one version.

Two versions are never subtracted from each other. Where the history of a past day names another version, what the
present one makes of that day as it was known then is computed once, in the transaction that needs it, and kept for as
long as some lag reaches so far back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import connection

from core import days
from core.db import bulk
from scoring.inputs import batches, read, several_days
from scoring.inputs.logged import ORDINAL
from scoring.models import Compared
from scoring.risk.at_risk import CHANGES, PastScore
from scoring.risk.signals import FALL_DAYS
from scoring.runs import recompute
from scoring.vectorised import BatchEngine, Scores

LAGS = tuple(sorted({FALL_DAYS, *CHANGES}))  # days
KEPT = timedelta(days=max(LAGS) + 1)

Past = Mapping[int, Mapping[int, PastScore]]  # customer → days ago → the scores of that day

_UNKNOWN = -(2**63)
_PAST = f"""
    SELECT history.customer_id, {ORDINAL.format("history.day")},
           COALESCE(CASE WHEN is_same THEN history.engagement ELSE compared.engagement END, {_UNKNOWN})::bigint,
           COALESCE(CASE WHEN is_same THEN history.health ELSE compared.health END, {_UNKNOWN})::bigint,
           (is_same OR compared.day IS NOT NULL)::int::bigint
    FROM (SELECT customer_id, day, model_id, engagement, health FROM scoring_scorehistory
          WHERE {{who}} AND day = ANY(%s::date[])) AS history
    CROSS JOIN LATERAL (SELECT %s::bigint AS id, history.model_id = %s AS is_same) AS version
    LEFT JOIN scoring_compared AS compared
        ON compared.customer_id = history.customer_id AND compared.day = history.day AND compared.model_id = version.id
"""  # noqa: S608
_COLUMNS = ["customer", "day", "engagement", "health", "is_there"]
_INSERT = """
    INSERT INTO scoring_compared (customer_id, day, model_id, engagement, health)
    SELECT new.customer_id, %s, %s, new.engagement, new.health
    FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[]) AS new (customer_id, engagement, health)
    ON CONFLICT DO NOTHING
"""


def score(
    batch_engine: BatchEngine, customers: Sequence[int], day: date, *, lags: Collection[int] = LAGS
) -> Iterator[tuple[Scores, Past]]:
    """Yield the scores of a day as known at its close, with the past they are compared with, in one or two parts.

    One query more than the scores need, and for a part that lacks some past one more for each day of it. A past day
    without history stays unknown: the customer was not followed, or nothing was known. In a transaction.
    """
    past, lacking = _stored(batch_engine.model.version, customers, day, lags)
    whole = [pk for pk in customers if pk not in lacking]
    if whole:
        columns = read.current(batch_engine, whole, as_of=day, known_on=day)
        yield recompute.score(batch_engine, columns, day), past
    if lacking:
        yield _with_lacking(batch_engine, lacking, day, past), past


def _stored(
    version: int, customers: Sequence[int], day: date, lags: Collection[int]
) -> tuple[dict[int, dict[int, PastScore]], dict[int, set[date]]]:
    """Return the past that stands by the version, and customer → days whose history is another version's."""
    params = [[day - timedelta(days=ago) for ago in lags], version, version]
    past: dict[int, dict[int, PastScore]] = defaultdict(dict)
    lacking: dict[int, set[date]] = defaultdict(set)
    for pk, number, engagement, health, is_there in batches.read(_PAST, sorted(customers), params, _COLUMNS).tolist():
        if is_there:
            past[pk][day.toordinal() - number] = PastScore(_known(engagement), _known(health))
        else:
            lacking[pk].add(date.fromordinal(number))
    return past, lacking


def _known(number: int) -> int | None:
    return None if number == _UNKNOWN else number


def _with_lacking(
    batch_engine: BatchEngine, lacking: Mapping[int, set[date]], day: date, past: dict[int, dict[int, PastScore]]
) -> Scores:
    """Score the day of those who lack some past, from one reading with that past, which is kept and added to `past`."""
    earlier = sorted(set().union(*lacking.values()))
    scores = None
    for then, columns in several_days.days_as_known_then(batch_engine, sorted(lacking), [*earlier, day]):
        if then == day:
            scores = recompute.score(batch_engine, columns, day)
            continue
        judged = batch_engine.judge(recompute.facts(batch_engine, columns, then, digests=False))
        rows = [(pk, engagement, health) for pk, engagement, health in judged.numbers() if then in lacking[pk]]
        _keep(then, batch_engine.model.version, rows)
        for pk, engagement, health in rows:
            past[pk][(day - then).days] = PastScore(engagement, health)
    assert scores is not None
    return scores


def _keep(day: date, version: int, rows: Sequence[tuple[int, int | None, int | None]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [day, version, *map(bulk.array, zip(*rows, strict=True))])


def forget(customers: Sequence[int], first: date, last: date) -> None:
    """Delete what was computed of days whose facts have changed since: it is computed again when it is needed."""
    Compared.objects.filter(customer__in=customers, day__range=(first, last)).delete()


def forget_old(*, now: datetime) -> int:
    """Delete what no lag reaches any more; return how many rows went."""
    deleted, _ = Compared.objects.filter(day__lt=days.business_day(now) - KEPT).delete()
    return deleted
