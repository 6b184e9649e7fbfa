"""The search and every order of the list walk an index: fifty of a million cost what fifty of fifty do.

With sequential scans and sorting made expensive, only what no index gives would still be scanned or sorted.
"""

import pytest
from django.db import connection

from core import pagination
from core.db import search
from customers.finding import by_text
from customers.models import Customer
from customers.models.customer import label
from desk.list.orders import ORDERS
from scoring.models.current_score import SORTED_BY
from tests.pages import cast
from tests.queries import OnPages


def plan(ask, *without):
    with OnPages(connection) as asked:
        ask()
    return explained(asked[0]["sql"], *without)


def explained(statement, *without):
    with connection.cursor() as cursor:
        for name in ("seqscan", "sort", "incremental_sort", "hashjoin", "mergejoin", *without):
            cursor.execute(f"SET LOCAL enable_{name} = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def listed(order, cursor=None):
    return lambda: pagination.page(Customer.objects.known().select_related("score"), ORDERS[order], cursor)


@pytest.mark.parametrize("order", [order for order in ORDERS if order.removeprefix("-") != "name"])
def test_every_order_by_a_score_walks_its_index(begun, order):
    seen = plan(listed(order))
    assert " using score_by_" in seen, seen
    assert ("Backward" in seen) == order.startswith("-"), seen
    assert "Sort  (" not in seen, seen


@pytest.mark.parametrize("order", ["name", "-name"])
def test_the_order_by_name_walks_its_index(begun, order):
    seen = plan(listed(order))
    assert "using customer_by_name" in seen, seen
    assert "Sort  (" not in seen, seen


@pytest.mark.parametrize("order", ["health", "-health"])
def test_a_later_page_begins_in_the_index_where_the_one_before_ended(begun, order):
    customer = cast.customer("Acme")
    cast.score(customer)
    cursor = ORDERS[order].cursor(Customer.objects.select_related("score").get())
    seen = plan(listed(order, cursor))
    assert f"Index Cond: ((health IS NOT NULL) AND (health {'<=' if order.startswith('-') else '>='} 6000))" in seen, (
        seen
    )
    assert "Sort  (" not in seen, seen


def test_there_is_an_index_for_each_column_that_lists_sort_by():
    paths = {order.path.removeprefix("score__") for word, order in ORDERS.items() if not word.endswith("name")}
    assert paths == set(SORTED_BY)


MANY_IDENTITIES = """
    INSERT INTO customers_identity (kind, value, customer_id) SELECT 'crm', 'x' || n, %s FROM generate_series(1, 3000) n
"""


def test_a_search_uses_the_trigrams_of_what_customers_and_contacts_are_called_and_the_ids(begun):
    with connection.cursor() as cursor:  # so many that no other index comes near
        cursor.execute(MANY_IDENTITIES, [cast.customer("Acme").pk])
        cursor.execute("ANALYZE customers_identity")
    with OnPages(connection) as asked:
        by_text.customers(Customer.objects.known(), "globex")
    seen = "\n".join(explained(query["sql"], "indexscan") for query in asked.captured_queries[:2])
    for index in (
        "customer_search_trigrams", "contact_search_trigrams", "identity_by_search", "one_identity_per_kind_and_value"
    ):  # fmt: skip
        assert index in seen, seen


def test_a_search_that_forgives_a_slip_uses_the_trigrams(begun):
    seen = plan(lambda: search.nearly(Customer.objects.all(), "cindrefoss"), "indexscan")
    assert "customer_search_trigrams" in seen, seen


def test_labels_are_found_by_their_index(begun):
    seen = plan(lambda: list(Customer.objects.filter(labels__contains=label("plan", "Pro"))), "indexscan")
    assert "customer_labels_trigrams" in seen, seen


def test_a_tag_is_found_by_its_index(begun):
    seen = plan(lambda: list(Customer.objects.filter(tags__contains=["vip"])))
    assert "customer_by_tag" in seen, seen
