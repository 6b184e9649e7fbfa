"""What passes cost in the month after a publication, beside the usual pass of the same day.

    .venv/bin/python -m bench.publication [--customers 200000] [--rows 40] [--days 0 1 6 7 13 15 16 29 30]

Every customer has a history by the version before; on each of the days the whole pass is made twice by one worker:
once with the past days that the new version has to judge for the first time, and once with these at hand. `--days` are
days since the publication; the past of the days between is judged beforehand, as their own passes would have.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from statistics import mean

from bench import score_data as data
from bench.score import passed
from bench.scratch import database, timed

MONTH = 30
DAYS = (0, 1, 6, 7, 13, 15, 16, 29, 30)
_HISTORY = """
    INSERT INTO scoring_scorehistory (customer_id, day, model_id, engagement, engagement_band, health, health_band,
                                      coverage, last_active_on, flagged, inputs_digest)
    SELECT customer_id, day, CASE WHEN day < %s THEN %s ELSE %s END, engagement, engagement_band, health, health_band,
           coverage, last_active_on, flagged, inputs_digest
    FROM scoring_currentscore CROSS JOIN unnest(%s::date[]) AS days (day) ON CONFLICT DO NOTHING
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--days", type=int, nargs="+", default=DAYS, help="since the publication")
    args = parser.parse_args()
    with database():
        run(args.customers, args.rows, sorted(args.days))


def run(customers: int, rows: int, days: list[int]) -> None:
    from django.db import connection
    from django.utils import timezone

    from scoring.model_versions import versions
    from scoring.models import ScoringModel

    now = timezone.now()
    times: dict[str, float] = {}
    data.make(customers, rows, times)
    passed("first pass, all rows new", times, workers=1)
    before = ScoringModel.objects.get()
    draft = versions.draft_from(before, now=now)
    draft.weights.update(window=21)
    after = versions.publish(draft, now=now, by=None)
    past = sorted({now.date() + timedelta(days=n - lag) for n in days for lag in _lags()})
    with timed(f"write {len(past)} days of history", times), connection.cursor() as cursor:
        cursor.execute(_HISTORY, [now.date(), before.pk, after.pk, past])
        cursor.execute("VACUUM ANALYZE scoring_scorehistory")
    for day in days:
        _know(after.pk, now.date(), day)
        passed(_with_past(day), times, workers=1, ahead=day)
        passed(_usual(day), times, workers=1, ahead=day)
    report(customers, times, days, now.date())


def _lags() -> Iterable[int]:
    from scoring.runs.compared import LAGS

    return LAGS


def _judged(published: date, day: int) -> Iterator[date]:
    """Yield the days that the pass of a day since the publication is compared with, and that another version scored."""
    then = (published + timedelta(days=day - lag) for lag in _lags())
    return (past for past in then if past < published)


def _know(version: int, published: date, day: int) -> None:
    """Judge what passes of earlier days would have: with the scores of today, as only their being there matters."""
    from django.db import connection

    known = {past for earlier in range(day) for past in _judged(published, earlier)}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_compared (customer_id, day, model_id, engagement, health)"
            " SELECT customer_id, day, %s, engagement, health FROM scoring_currentscore"
            " CROSS JOIN unnest(%s::date[]) AS days (day) ON CONFLICT DO NOTHING",
            [version, sorted(known & set(_judged(published, day)))],
        )


def _with_past(day: int) -> str:
    return f"day {day}: the pass, with what it lacks"


def _usual(day: int) -> str:
    return f"day {day}: the usual pass"


def report(customers: int, times: dict[str, float], days: list[int], published: date) -> None:
    print(f"\n{customers:,} customers; the pass of a day since the publication, as a multiple of its usual pass")
    lacked: set[date] = set()
    news: list[int] = []
    ratios = defaultdict[int, list[float]](list)  # by the number of past days that are judged
    for day in range(MONTH + 1):
        new = set(_judged(published, day)) - lacked
        lacked |= new
        news.append(len(new))
        if day in days:
            ratios[len(new)].append(times[_with_past(day)] / times[_usual(day)])
            print(f"{ratios[len(new)][-1]:>9.2f} day {day}, which judges {len(new)} past days for the first time")
    if set(news) <= set(ratios):
        print(f"{mean(mean(ratios[n]) for n in news[:MONTH]):>9.2f} on average of the {MONTH} days")


if __name__ == "__main__":
    main()
