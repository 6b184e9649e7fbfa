"""One customer's absurd data are cut and flagged, and stop nobody else."""

from datetime import timedelta

import pytest
from django.db import connection

from core import days
from scoring.models import CurrentScore, ScoreHistory
from scoring.runs import history, run
from scoring.vectorised import BatchEngine
from tests.conftest import NOW

TODAY = NOW.date()
SIZE, POISONED = 10_000, 4_711

MAKE = (
    """INSERT INTO customers_customer (id, kind, name, domain, stage, plan, mrr, currency, industry, country, tags,
                                       attributes, set_at, provisional, created_at)
       SELECT 1000000 + n, 'company', 'Customer ' || n, '', 'active', 'pro', 10, 'EUR', '', '', '{}', '{}', '{}',
              false, now() FROM generate_series(1, %(size)s) AS n""",
    """INSERT INTO customers_inputlog (customer_id, name, known_on, text)
       SELECT id, 'stage', %(today)s::date - 40, 'active' FROM customers_customer""",
    """INSERT INTO events_dailycount (customer_id, event_type_id, day, known_on, count, value_sum)
       SELECT customer.id, type.id, %(today)s::date - 1, %(today)s::date - 1, 1, 0
       FROM customers_customer AS customer, events_eventtype AS type WHERE type.name = 'Signed in'""",
    """INSERT INTO events_dailycount (customer_id, event_type_id, day, known_on, count, value_sum)
       SELECT %(poisoned)s, id, %(today)s::date - CASE name WHEN 'Report created' THEN 0 ELSE 700000 END,
              %(today)s::date, 9000000000000000000, -1e29
       FROM events_eventtype WHERE name IN ('Report created', 'Meeting held')""",
    """INSERT INTO customers_inputlog (customer_id, name, known_on, number, text) VALUES
       (%(poisoned)s, 'mrr', %(today)s, 9000000000000000000, 'EUR'),
       (%(poisoned)s, 'mrr', %(today)s::date - 100, -9000000000000000000, 'EUR'),
       (%(poisoned)s, 'oldest_open_ticket', %(today)s, NULL, '2026-99-99'),
       (%(poisoned)s, 'override', %(today)s, 9000000000000000000, 'for ever'),
       (%(poisoned)s, 'pulse', %(today)s, -9000000000000000000, 'red')""",
)


@pytest.fixture
def everybody(source):
    params = {"size": SIZE, "today": TODAY, "poisoned": 1_000_000 + POISONED}
    with connection.cursor() as cursor:
        for statement in MAKE:
            cursor.execute(statement, params)
    return 1_000_000 + POISONED


def test_the_poisoned_one_is_flagged_and_the_others_are_scored(everybody):
    run.score_everyone(now=NOW)
    assert CurrentScore.objects.filter(as_of=TODAY).exclude(engagement=None).count() == SIZE
    assert list(CurrentScore.objects.filter(flagged=True).values_list("customer", flat=True)) == [everybody]
    history.close_days(now=NOW + timedelta(days=1))
    stored = ScoreHistory.objects.filter(day=days.business_day(NOW))
    assert (stored.count(), stored.get(flagged=True).customer_id) == (SIZE, everybody)


def test_whoever_cannot_be_scored_at_all_keeps_their_score_and_stops_nobody(everybody, monkeypatch, caplog):
    facts = BatchEngine.facts

    def fails(self, columns, **asked):
        if everybody in columns.customers:
            raise OverflowError("too large")
        return facts(self, columns, **asked)

    monkeypatch.setattr(BatchEngine, "facts", fails)
    run.score_everyone(now=NOW)
    assert CurrentScore.objects.exclude(engagement=None).count() == SIZE - 1
    left = CurrentScore.objects.get(customer=everybody)
    assert (left.flagged, left.engagement) == (True, None)
    assert f"customer {everybody} cannot be scored" in caplog.text
