"""A portfolio drawn by chance, the same each time: customers, what they did, what the log of inputs says of them."""

from collections.abc import Iterable

import numpy as np
from django.db import connection

from core.jobs import rederiving
from customers.models import Customer
from events.models import EventType
from tests.conftest import NOW

TODAY = NOW.date()
CALM = 0.15  # the share of customers who hardly do anything

_CUSTOMERS = """
    INSERT INTO customers_customer (kind, name, domain, stage, plan, mrr, currency, industry, country, tags,
                                    attributes, set_at, provisional, created_at, churned_on)
    SELECT 'company', 'Customer ' || n, '', CASE WHEN n %% 50 = 0 THEN 'churned' ELSE 'active' END,
           CASE WHEN n %% 3 = 0 THEN 'pro' ELSE 'basic' END, CASE WHEN n %% 20 <> 0 THEN 10 + n %% 990 END,
           'EUR', '', '', '{}', '{}', '{}', false, %s,
           CASE WHEN n %% 50 = 0 THEN DATE '2026-06-01' END
    FROM generate_series(1, %s) AS n RETURNING id
"""
_LOG = """
    INSERT INTO customers_inputlog (customer_id, name, known_on, text, number)
    SELECT id, 'stage', %(today)s::date - (row_number() OVER (ORDER BY id) %% 200)::int, stage, NULL
    FROM customers_customer
    UNION ALL
    SELECT id, 'nps', %(today)s::date - (id %% 60)::int, NULL, (id * 7919 %% 11) * 1000 FROM customers_customer
    WHERE id %% 4 <> 0
    UNION ALL
    SELECT id, 'mrr', %(today)s::date - ago, 'EUR', worth FROM customers_customer,
           LATERAL (VALUES (40, 100000), (3, (90 + id %% 20) * 1000)) AS said (ago, worth) WHERE id %% 2 = 0
"""
_COUNTS = """
    INSERT INTO events_dailycount (customer_id, event_type_id, day, known_on, count, value_sum)
    SELECT customer, type, %s::date - ago, %s::date - ago + late, sum(count), sum(value) FROM (
        SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[])
    ) AS drawn (customer, type, ago, late, count, value) GROUP BY 1, 2, 3, 4
"""
_TYPE_DAYS = """
    INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
    SELECT DISTINCT event_type_id, day, known_on, known_on, true FROM events_dailycount
"""


def types(names: Iterable[str]) -> list[int]:
    """Return the ids of event types as they were made: what is drawn for each must not depend on how rows lie."""
    found = EventType.objects.filter(name__in=[*names]).order_by("pk")
    return list(found.values_list("pk", flat=True))


def make(customers: int, types: list[int], *, days: int = 30) -> list[int]:
    """Make so many customers, with a dozen daily counts each of these event types; return their ids."""
    chance = np.random.default_rng(7)
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [NOW, customers])
        ids = sorted(pk for (pk,) in cursor.fetchall())
        rederiving.rederive(Customer.objects.filter(pk__in=ids))
        cursor.execute(_LOG, {"today": TODAY})
        busy = np.array(ids)[chance.random(customers) >= CALM]
        size = 14 * len(busy)
        drawn = [
            chance.choice(busy, size),
            chance.choice(types, size),
            1 + np.minimum(chance.geometric(2 / days, size), 2 * days),
            chance.choice([0, 0, 0, 2], size),
            chance.integers(1, 6, size),
            chance.integers(0, 300_000, size),
        ]
        cursor.execute(_COUNTS, [TODAY, TODAY, *(column.tolist() for column in drawn)])
        cursor.execute(_TYPE_DAYS)
    return ids
