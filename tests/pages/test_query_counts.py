"""A page asks the database as often for ten customers as for ten thousand. The numbers are pinned."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer
from events.models import ActiveDay, DailyCount, Event
from records.models import Contract
from scoring.models import CurrentScore
from tests.conftest import NOW
from tests.pages import cast

FEW, TIMES = 10, 1_000  # ten, and ten thousand more


def multiply(model, **new):
    """Copy every row a thousand times within the database; `new` says in SQL what differs in copy n."""
    names = [field.column for field in model._meta.local_concrete_fields if field.column not in ("id", *new)]
    columns, values = ", ".join([*new, *names]), ", ".join([*new.values(), *names])
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, {TIMES}) AS n"
        )


def copy_to_all(*models):
    """Give every customer that has none a copy of one of the rows."""
    for model in models:
        table = model._meta.db_table
        names = ", ".join(f.column for f in model._meta.local_concrete_fields if f.column != "customer_id")
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (customer_id, {names}) SELECT customer.copied_to, {names} FROM "
                f"(SELECT id AS copied_to FROM customers_customer) AS customer, "
                f"(SELECT {names} FROM {table} LIMIT 1) AS one "
                f"WHERE customer.copied_to NOT IN (SELECT customer_id FROM {table})"
            )


@pytest.fixture
def ten_customers(maya):
    """Customers at risk, each with a contract and purchases long ago."""
    for i in range(FEW):
        customer = cast.at_risk(f"Customer {i}", owner=maya, mrr=i)
        cast.counted(customer, "Order completed", 40)
        Contract.objects.create(customer=customer, name="Annual", currency="EUR", starts_on=NOW, renews_on=cast.TODAY)


@pytest.fixture
def history(maya):
    """A customer at risk with ten contacts and ten events."""
    customer = cast.at_risk("Acme", owner=maya)
    for i in range(FEW):
        contact = Contact.objects.create(customer=customer, name=f"Contact {i}", created_at=NOW)
        ActiveDay.objects.create(customer=customer, contact=contact, day=cast.TODAY, known_on=cast.TODAY)
        cast.happened(customer, "Feature used", NOW - timedelta(minutes=i), contact, properties={"n": i})
    return customer


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in asked]


LISTS = {
    "/customers/": 5,
    "/customers/?sort=-health&q=customer&stage=active&health=yellow": 5,
    "/at-risk/": 7,
}


def test_lists_ask_as_often_for_ten_customers_as_for_ten_thousand(client, maya, ten_customers):
    client.force_login(maya)
    assert {path: len(queries(client, path)) for path in LISTS} == LISTS
    multiply(Customer, name="name || n")
    copy_to_all(CurrentScore, DailyCount, Contract)
    assert {path: len(queries(client, path)) for path in LISTS} == LISTS
    assert CurrentScore.objects.filter(at_risk=True).count() == FEW + FEW * TIMES


PROFILE = 16


def test_a_profile_asks_as_often_for_ten_events_as_for_ten_thousand(client, maya, history):
    client.force_login(maya)
    path = f"/customers/{history.pk}/"
    assert len(queries(client, path)) == PROFILE
    multiply(Contact, name="name || n")
    multiply(Event, occurred_at="occurred_at - n * interval '1 minute'")
    assert len(queries(client, path)) == PROFILE


def test_the_timeline_is_served_by_the_key_of_the_event_table(client, maya, history):
    client.force_login(maya)
    multiply(Event, occurred_at="occurred_at - n * interval '1 minute'")
    path = f"/customers/{history.pk}/"
    timeline = next(sql for sql in queries(client, path) if '"occurred_at" DESC' in sql)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_event")
        cursor.execute(f"EXPLAIN {timeline}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan Backward using events_event" in plan
    assert "Sort" not in plan
