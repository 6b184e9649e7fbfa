"""The customer list over few and over many customers: each order's first page and a later one, and searches.

    .venv/bin/python -m bench.lists [--customers 1000000]

Prints the median milliseconds of a whole request, template included, beside the same with 50 customers.
"""

import argparse
import statistics
import time

from bench.scratch import database, timed

SEARCHES = ("customer 77", "custmer 4711", "crm-4711", "person9@")
FILTERS = ("health=red&sort=-mrr", "owner=none&sort=renewal", "tag=vip&sort=health_change_30")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="of each request, after one that warms up")
    parser.add_argument("--questions", type=int, help="only so many orders, filters and searches")
    args = parser.parse_args()
    many = args.customers
    with database():
        few_times = measure(50, args.times, args.questions)
    with database():
        many_times = measure(many, args.times, args.questions)
    print(f"\n{'milliseconds':<44}{50:>8}{many:>12,}")
    for what, milliseconds in few_times.items():
        print(f"{what:<44}{milliseconds:>8.1f}{many_times[what]:>12.1f}")


def measure(customers: int, times: int, most: int | None) -> dict[str, float]:
    from django.test import Client

    from desk.list.orders import ORDERS
    from staff.models import Role, User

    with timed(f"make {customers:,} customers", {}):
        make(customers)
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_user("bench@example.com", name="Bench", role=Role.LEAD))
    questions = [*(f"sort={order}" for order in ORDERS), *FILTERS, *(f"q={text}" for text in SEARCHES)][:most]
    return {**{f"?{one}": request(client, one, times) for one in questions}, **later(client, customers, times)}


def later(client: object, customers: int, times: int) -> dict[str, float]:
    """Measure a page in the middle, where the unknown begin."""
    from customers.models import Customer
    from desk.list.orders import ORDERS

    row = Customer.objects.select_related("score").get(pk=customers // 2)
    return {
        f"?sort={order}, in the middle": request(client, f"sort={order}&cursor={ORDERS[order].cursor(row)}", times)
        for order in ("name", "-health", "renewal")
    }


def request(client: object, question: str, times: int) -> float:
    """Return the median milliseconds of a few requests, after one that warms up."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        response = client.get(f"/customers/?{question}")  # type: ignore[attr-defined]
        taken.append((time.perf_counter() - start) * 1_000)
        assert response.status_code == 200, question
    return statistics.median(taken[1:])


MAKE = (
    """INSERT INTO customers_customer (id, kind, name, domain, stage, plan, mrr, currency, industry, country, tags,
                                       attributes, set_at, provisional, created_at)
       SELECT n, 'company', 'Customer ' || n, 'customer' || n || '.example', 'active', 'pro', 10 + n %% 990, 'EUR', '',
              '', CASE WHEN n %% 100 = 0 THEN '{vip}'::text[] ELSE '{}' END, '{}', '{}', false, now()
       FROM generate_series(1, %(customers)s) AS n""",
    """INSERT INTO customers_contact (customer_id, name, email, role, locale, traits, set_at, survey_opt_out,
                                      stop_scoring, created_at)
       SELECT id, 'Person ' || id, 'person' || id || '@customer.example', '', '', '{}', '{}', false, false, now()
       FROM customers_customer""",
    """INSERT INTO customers_identity (kind, value, customer_id) SELECT 'company', 'crm-' || id, id
       FROM customers_customer""",
    """INSERT INTO scoring_currentscore (customer_id, model_id, as_of, scored_at, engagement, engagement_band, health,
           health_band, coverage, inputs_digest, last_active_on, engagement_change_7, engagement_change_30,
           health_change_7, health_change_30, monthly_value, renews_on, at_risk, value_is_typical, renews_soon, flagged)
       SELECT id, (SELECT min(id) FROM scoring_scoringmodel), current_date, now(), id * 7919 %% 12000,
              'somewhat_engaged', health, CASE WHEN health < 5000 THEN 'red' ELSE 'green' END, 10000, '',
              current_date - (id %% 300)::int, id * 31 %% 9000 - 4500, id * 37 %% 9000 - 4500, id * 41 %% 9000 - 4500,
              id * 43 %% 9000 - 4500, mrr, current_date + (id %% 700)::int, false, false, false, false
       FROM (SELECT id, mrr, (id * 104729 %% 10000)::int AS health FROM customers_customer) AS all_of_them""",
    "UPDATE scoring_currentscore SET renews_on = NULL WHERE customer_id %% 3 = 0",
    "ANALYZE",
)


def make(customers: int) -> None:
    from django.db import connection

    from bench.portfolio import fill_derived

    with connection.cursor() as cursor:
        for statement in MAKE:
            cursor.execute(statement, {"customers": customers})
    fill_derived()


if __name__ == "__main__":
    main()
