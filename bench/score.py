"""The full pass over a portfolio: read, score and write everybody, and one closed day's history.

    .venv/bin/python -m bench.score [--customers 100000] [--rows 40]

`--rows` is the number of daily counts per customer, in the last sixty days; data are made set-based.
"""

import argparse
import resource

from bench.scratch import database, timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=40)
    wishes = parser.parse_args()
    with database():
        run(wishes.customers, wishes.rows)


def run(customers: int, rows: int) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from core import days
    from scoring import history, run
    from scoring.models import CurrentScore, ScoreHistory

    now = timezone.now()
    times: dict[str, float] = {}
    with timed(f"make {customers:,} customers with {rows} daily counts each", times):
        make(customers, rows)
    with timed("first full pass (all rows new)", times):
        run.score_everyone(now=now)
    scored = CurrentScore.objects.count()
    tomorrow = now + timedelta(days=1)
    with timed("full pass again, a day later", times):
        run.score_everyone(now=tomorrow)
    with timed("close a day and write its history", times):
        history.close_days(now=tomorrow)
    written = ScoreHistory.objects.filter(day=days.utc_day(now)).count()
    again = times["full pass again, a day later"]
    print(f"\n{scored:,} customers scored, {written:,} rows of history")
    print(f"{scored / again:>9,.0f} customers a second in the full pass")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>9,.0f} MB of memory at most")


MAKE = (
    """INSERT INTO customers_customer (id, kind, name, domain, stage, plan, mrr, currency, industry, country, tags,
                                       attributes, set_at, provisional, created_at)
       SELECT n, 'company', 'Customer ' || n, '', 'active', 'pro', 10 + n %% 990, 'EUR', '', '', '{{}}', '{{}}', '{{}}',
              false, now() FROM generate_series(1, {customers}) AS n""",
    """INSERT INTO customers_inputlog (customer_id, name, known_on, text)
       SELECT id, 'stage', (now() AT TIME ZONE 'UTC')::date - 1, 'active' FROM customers_customer""",
    """INSERT INTO events_dailycount (customer_id, event_type_id, day, known_on, count, value_sum)
       SELECT customer, type, day, day, 1 + random() * 3, 0 FROM (
           SELECT DISTINCT n AS customer, 1 + floor(random() * (SELECT count(*) FROM events_eventtype))::int AS type,
                  (now() AT TIME ZONE 'UTC')::date - floor(random() * 60)::int AS day
           FROM generate_series(1, {customers}) AS n, generate_series(1, {rows})
       ) AS made""",
    "ANALYZE",
)


def make(customers: int, rows: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in MAKE:
            cursor.execute(statement.format(customers=customers, rows=rows).replace("%%", "%"))


if __name__ == "__main__":
    main()
