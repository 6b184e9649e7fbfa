"""A large portfolio made set-based, inside PostgreSQL: customers, people, events, counts, scores and history."""

from collections.abc import Mapping

from bench.scratch import timed

EVENTS_OF_ONE = 110_000  # the first customer's, so that its timeline has more than 2,000 pages
DAYS = 365
HISTORY = 40  # days of stored history

_CUSTOMERS = """
    INSERT INTO customers_customer (id, kind, name, domain, stage, plan, mrr, currency, industry, country, tags,
                                    attributes, set_at, provisional, created_at, owner_id,
                                    churned_on)
    SELECT n, 'company', initcap(substr(translate(md5('a' || n), '0123456789', 'ghijklmnop'), 1, 6)) || ' '
           || initcap(substr(translate(md5('b' || n), '0123456789', 'ghijklmnop'), 1, 8)),
           substr(md5('d' || n), 1, 10) || '.example', (ARRAY['active','active','active','trial','churned'])[1 + n % 5],
           (ARRAY['basic','pro','enterprise'])[1 + n % 3], 10 + n % 990, 'EUR',
           (ARRAY['Retail','Software','Health'])[1 + n % 3], (ARRAY['France','Germany','Kenya'])[1 + n % 3],
           ARRAY['t' || n % 20], '{}', '{}', false, now(), (SELECT min(id) + n % 8 FROM staff_user),
           CASE n % 5 WHEN 4 THEN current_date - 10 END
    FROM generate_series(1, {customers}) AS n
"""
_STEPS = (
    (
        "people",
        """
        INSERT INTO customers_contact (customer_id, name, email, role, locale, traits, set_at, survey_opt_out,
                                       stop_scoring, created_at)
        SELECT id, 'Person ' || id || ' ' || n, 'p' || id || '.' || n || '@' || domain, '', '', '{}', '{}', false,
               false, now()
        FROM customers_customer, generate_series(1, 3) AS n""",
    ),
    (
        "identities",
        """
        INSERT INTO customers_identity (kind, value, customer_id)
        SELECT kinds.kind, CASE kinds.kind WHEN 'rapport' THEN id::text ELSE 'c' || id END, id
        FROM customers_customer, (VALUES ('rapport'), ('company')) AS kinds (kind)""",
    ),
    (
        "stages",
        """
        INSERT INTO customers_inputlog (customer_id, name, known_on, text)
        SELECT id, 'stage', current_date - {days}, stage FROM customers_customer""",
    ),
    (
        "contracts",
        """
        INSERT INTO records_contract (customer_id, id, external_id, name, starts_on, renews_on, monthly_value, currency)
        SELECT id, gen_random_uuid(), '', plan, current_date - 300, current_date + (id % 300)::int, mrr, currency
        FROM customers_customer""",
    ),
    (
        "events",
        """
        INSERT INTO events_event (customer_id, occurred_at, day, event_type_id, contact_id, source_id, message_hash,
                                  is_activity, known_on, received_at, flags, properties, context)
        SELECT customer, at, at::date, type, (customer - 1) * 3 + 1 + n % 3, 1, decode(md5(n::text), 'hex'), true,
               at::date, at, 0,
               jsonb_build_object('path', '/p/' || n % 99, 'n', n), '{}'
        FROM (SELECT n, CASE WHEN n <= {of_one} THEN 1 ELSE 1 + n % {customers} END AS customer,
                     (SELECT min(id) FROM events_eventtype) + (n * 7) % 30 AS type,
                     (now() - (hashint8(n) & 2147483647) / 2147483648.0 * interval '{days} days') AS at
              FROM generate_series(1, {events}::bigint) AS n) AS made""",
    ),
    (
        "daily counts",
        """
        INSERT INTO events_dailycount (customer_id, event_type_id, day, known_on, count, value_sum)
        SELECT customer_id, event_type_id, day, known_on, count(*), 0
        FROM events_event GROUP BY 1, 2, 3, 4""",
    ),
    (
        "days of types",
        """
        INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
        SELECT DISTINCT event_type_id, day, known_on, known_on, contact_id IS NOT NULL FROM events_event""",
    ),
    (
        "active days",
        """
        INSERT INTO events_activeday (customer_id, contact_id, day, known_on, count)
        SELECT customer_id, contact_id, day, known_on, count(*) FROM events_event GROUP BY 1, 2, 3, 4""",
    ),
)
_HISTORY = """
    INSERT INTO scoring_scorehistory (customer_id, day, model_id, engagement, engagement_band, health, health_band,
                                      coverage, last_active_on, flagged, inputs_digest)
    SELECT customer_id, current_date - n, model_id, engagement, engagement_band, health, health_band, coverage,
           last_active_on, flagged, inputs_digest
    FROM scoring_currentscore, generate_series(1, {history}) AS n
"""


def make(customers: int, events: int, times: dict[str, float], *, of_one: int = EVENTS_OF_ONE) -> None:
    """Fill an empty, prepared database, colleagues and scores included; `times` gets the seconds of each step."""
    from django.db import connection
    from django.utils import timezone

    from events.models import Source
    from scoring.runs import day_shares, past_days, run
    from staff.models import User

    now = timezone.now()
    for n in range(8):
        User.objects.create_user(f"csm{n}@example.com", name=f"Colleague {n}", role="admin" if n == 0 else "csm")
    Source.objects.create(pk=1, name="Bench", kind="sample", created_at=now)
    size: Mapping[str, int] = {
        "customers": customers, "events": events, "of_one": of_one, "days": DAYS, "history": HISTORY
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        for what, statement in (("customers", _CUSTOMERS), *_STEPS):
            with timed(f"{what} of {customers:,} customers", times):
                cursor.execute(_filled(statement, size))
        cursor.execute("SELECT setval('customers_customer_id_seq', %s)", [customers])
    with timed("what is searched in", times):
        fill_derived()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with timed("scores", times):
        run.score_everyone(now=now)
    with connection.cursor() as cursor, timed("history", times):
        cursor.execute(_filled(_HISTORY, size))
    with timed("past days", times):
        past_days.make(now=now)
        while day_shares.add_up(now=now):
            pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill_derived() -> None:
    """Fill the columns that follow from others, which rows made by SQL have not."""
    from core.jobs import rederiving

    for model in rederiving.models():
        rederiving.rederive(model._default_manager.all())


def _filled(statement: str, size: Mapping[str, int]) -> str:
    """Fill in the numbers; braces of JSON and arrays stay (`str.format` would want them doubled)."""
    for name, number in size.items():
        statement = statement.replace(f"{{{name}}}", str(number))
    return statement
