"""What `bench.score` measures over: customers, counts, inputs, raw events; and the statements people write by hand."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.scratch import timed

_CUSTOMERS = (
    """INSERT INTO customers_customer (id, kind, name, domain, stage, plan, mrr, currency, industry, country, tags,
                                       attributes, set_at, provisional, created_at)
       SELECT n, 'company', 'Customer ' || n, '', 'active', 'pro', 10 + n % 990, 'EUR', '', '', '{}', '{}', '{}',
              false, now() FROM generate_series(1, {customers}) AS n""",
    """INSERT INTO customers_inputlog (customer_id, name, known_on, text)
       SELECT id, 'stage', current_date - 200, 'active' FROM customers_customer""",
    """INSERT INTO customers_inputlog (customer_id, name, known_on, number, text)
       SELECT customers_customer.id, input.name, current_date - age, amount, said FROM customers_customer, (VALUES
           ('mrr', 150, 90000, 'EUR'), ('mrr', 40, 100000, 'EUR'), ('contacts', 30, 5000, NULL),
           ('open_tickets', 9, 1000, NULL), ('oldest_open_ticket', 9, NULL, to_char(current_date - 9, 'YYYY-MM-DD')),
           ('overdue', 3, 0, NULL), ('pulse', 20, 50000, 'yellow'), ('nps', 50, 8000, NULL)
       ) AS input (name, age, amount, said)""",
)
# Distinct (customer, type, day): the types cycle within a day, so that no row is made twice.
_COUNTS = """
    INSERT INTO events_dailycount (customer_id, event_type_id, day, known_on, count, value_sum)
    SELECT customer, type.id, day, day, 2, 0
    FROM (SELECT customer.id AS customer, 1 + (customer.id * 7 + n * 3 + n / 60) % 30 AS place,
                 current_date - {since} - ((customer.id * 13 + n * 17) % 60)::int AS day
          FROM customers_customer AS customer CROSS JOIN generate_series(1, {rows}) AS n) AS made
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM events_eventtype) AS type USING (place)
    ON CONFLICT DO NOTHING
"""
_TYPE_DAYS = """
    INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
    SELECT DISTINCT event_type_id, day, known_on, known_on, true FROM events_dailycount
    ON CONFLICT DO NOTHING
"""
_ACTIVE = """
    INSERT INTO events_activeday (customer_id, contact_id, day, known_on, count)
    SELECT customer.id, customer.id * 8 + n % 4, current_date - n * 4, current_date - n * 4, 1
    FROM customers_customer AS customer CROSS JOIN generate_series(0, 9) AS n
"""
_EVENTS = """
    INSERT INTO events_event (customer_id, occurred_at, day, event_type_id, contact_id, source_id, message_hash,
                              is_activity, known_on, received_at, flags, properties, context)
    SELECT customer_id, (day + interval '10 hours' + n * interval '1 hour') AT TIME ZONE 'UTC', day, event_type_id,
           NULL, 1,
           decode(md5(customer_id || '-' || event_type_id || '-' || day || '-' || n), 'hex'), true, known_on,
           (day + interval '10 hours' + n * interval '1 hour') AT TIME ZONE 'UTC', 0, '{}', '{}'
    FROM events_dailycount CROSS JOIN generate_series(1, 2) AS n
"""
# What people write today, over the raw events of the days a score looks at: the same engagement, and what health takes
# from events (engagement thirty days before, key actions, days since the last activity). Inputs of other kinds, the
# composition of health, history, urgency and writing are left out.
_BY_HAND = """
    SELECT customer_id, sum(now) AS engagement, sum(now) - sum(before) AS trend, sum(is_key) AS key_actions,
           min(quiet) AS quiet
    FROM (
        SELECT customer_id, event_type_id,
               round(points * COALESCE(sum(LEAST(events, daily_cap) * power(2, -age / 15.0::float))
                                       FILTER (WHERE age < 30), 0)::numeric, 2) AS now,
               round(points * COALESCE(sum(LEAST(events, daily_cap) * power(2, -(age - 30) / 15.0::float))
                                       FILTER (WHERE age >= 30), 0)::numeric, 2) AS before,
               CASE WHEN is_key_action AND min(age) < 30 THEN 1 ELSE 0 END AS is_key,
               CASE WHEN is_activity THEN min(age) END AS quiet
        FROM (
            SELECT event.customer_id, event.event_type_id, weight.points, weight.daily_cap, weight.is_key_action,
                   weight.is_activity, current_date - event.day AS age,
                   count(*) AS events
            FROM events_event AS event
            JOIN scoring_weight AS weight ON weight.event_type_id = event.event_type_id
            JOIN scoring_scoringmodel AS model ON model.id = weight.model_id AND model.status = 'published'
            WHERE event.occurred_at >= (current_date - 59)::timestamp AT TIME ZONE 'UTC'
              AND event.occurred_at < (current_date + 1)::timestamp AT TIME ZONE 'UTC'
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ) AS days GROUP BY customer_id, event_type_id, points, is_key_action, is_activity
    ) AS lines GROUP BY customer_id
"""
_IN_DUCKDB = """
    SELECT customer_id, sum(now), sum(now) - sum(before), sum(is_key), min(quiet) FROM (
        SELECT customer_id, event_type_id,
               round(points * coalesce(sum(least(events, daily_cap) * pow(2, -age / 15.0)) FILTER (age < 30), 0), 2)
                   AS now,
               round(points * coalesce(sum(least(events, daily_cap) * pow(2, -(age - 30) / 15.0))
                                       FILTER (age >= 30), 0), 2) AS before,
               CASE WHEN is_key_action AND min(age) < 30 THEN 1 ELSE 0 END AS is_key,
               CASE WHEN is_activity THEN min(age) END AS quiet
        FROM (
            SELECT customer_id, event_type_id, points, daily_cap, is_key_action, is_activity, age, count(*) AS events
            FROM events JOIN weights USING (event_type_id) WHERE age BETWEEN 0 AND 59 GROUP BY 1, 2, 3, 4, 5, 6, 7
        ) AS days GROUP BY 1, 2, points, is_key_action, is_activity
    ) AS lines GROUP BY 1
"""


def make(customers: int, rows: int, times: dict[str, float]) -> None:
    """Fill an empty, prepared database with customers, inputs, counts and active days."""
    with timed(f"make {customers:,} customers with {rows} daily counts each", times):
        for statement in (*_CUSTOMERS, _COUNTS, _TYPE_DAYS, _ACTIVE):
            _run(statement, customers=customers, rows=rows, since=0)
        _run("VACUUM ANALYZE")


def make_older(customers: int, rows: int, times: dict[str, float]) -> None:
    """Add as many daily counts again, from before the days a score looks at."""
    with timed(f"make {rows} older daily counts each", times):
        _run(_COUNTS, customers=customers, rows=rows, since=61)
        _run("VACUUM ANALYZE")


def make_events(times: dict[str, float]) -> None:
    from django.utils import timezone

    from events.models import Source

    Source.objects.create(pk=1, name="Bench", kind="sample", created_at=timezone.now())
    with timed("make two raw events for each daily count", times):
        _run(_EVENTS)
        _run("ANALYZE events_event")


def by_hand(what: str, times: dict[str, float]) -> None:
    """Run the statement by hand, its answer thrown away."""
    _run("SET work_mem = '256MB'")
    with timed(what, times):
        _run(f"SELECT count(*), sum(engagement), sum(trend), sum(key_actions), sum(quiet) FROM ({_BY_HAND}) AS answer")  # noqa: S608


def duckdb(what: str, times: dict[str, float]) -> None:
    """The limit: the same events as columns, in an engine made for nothing else. Skipped, and said, without it."""
    try:
        import duckdb as engine
    except ImportError:
        print("          (DuckDB is not installed: pip install duckdb)")
        return
    with TemporaryDirectory() as folder:
        base = engine.connect(str(Path(folder) / "events.duckdb"))
        _copy(base, Path(folder) / "events.csv", "events", """
            SELECT customer_id, event_type_id, current_date - day AS age
            FROM events_event""")  # fmt: skip
        weights = """
            SELECT event_type_id, points, daily_cap, is_key_action, is_activity FROM scoring_weight
            JOIN scoring_scoringmodel AS model ON model.id = model_id AND model.status = 'published'"""
        _copy(base, Path(folder) / "weights.csv", "weights", weights)
        start = time.perf_counter()
        base.execute(_IN_DUCKDB).fetchall()
        times[what] = time.perf_counter() - start
        print(f"{times[what]:>9.2f} s  {what}", flush=True)


def _copy(base: object, path: Path, name: str, query: str) -> None:
    from django.db import connection

    copying = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)"
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(copying) as copy:
        for block in copy:
            file.write(block)
    base.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}')")  # type: ignore[attr-defined]  # noqa: S608
    path.unlink()


def _run(statement: str, **numbers: int) -> None:
    from django.db import connection

    for name, number in numbers.items():
        statement = statement.replace(f"{{{name}}}", str(number))
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(statement)
