"""Paging by keyset walks all rows once, in every order, with ties and nulls, while rows come and go."""

import re

import pytest

from core import pagination
from customers.models import Customer
from desk.at_risk.views import URGENCY
from desk.list.orders import ORDERS
from scoring.models import EngagementBand, HealthBand
from tests.pages import cast


@pytest.fixture
def many(begun):
    """Twenty-three customers: ties in every column, nulls in some, rows without a score."""
    for i in range(23):
        customer = cast.customer(f"Customer {i // 3}")
        if i % 5:
            health = None if i % 4 == 0 else i // 6 * 1_000
            engagement = None if i % 7 == 0 else i // 5 * 100 - 200
            cast.score(
                customer,
                health=health,
                health_band=None if health is None else HealthBand.RED,
                engagement=engagement,
                engagement_band=None if engagement is None else EngagementBand.CHURN_RISK,
                at_risk=True,
                urgency=None if i % 3 == 0 else i // 4,
                health_fall=None if i % 2 else i // 8,
            )


def walk(keyset, size):
    rows, cursor = [], None
    while True:
        page = pagination.page(Customer.objects.select_related("score"), keyset, cursor, size)
        rows += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return rows


@pytest.mark.parametrize("size", [1, 4, 23, 50])
@pytest.mark.parametrize("order", [*ORDERS, "urgency"])
def test_the_pages_together_are_the_whole_list_in_order(many, order, size):
    keyset = URGENCY if order == "urgency" else ORDERS[order]
    expected = Customer.objects.order_by(*(column.order() for column in keyset.columns)).values_list("pk", flat=True)
    assert walk(keyset, size) == list(expected)


def test_the_key_of_the_at_risk_list_is_its_order(many):
    by_key = Customer.objects.order_by(*(column.order() for column in URGENCY.columns))
    assert list(by_key) == list(Customer.objects.most_urgent_first())


def test_nulls_come_last_both_ways(many):
    for order in ("health", "-health"):
        pks = walk(ORDERS[order], 5)
        known = [getattr(getattr(Customer.objects.get(pk=pk), "score", None), "health", None) is not None for pk in pks]
        assert known == sorted(known, reverse=True)


def test_a_row_added_or_gone_meanwhile_neither_repeats_nor_hides_others(many):
    first = pagination.page(Customer.objects.all(), ORDERS["name"], None, 10)
    cast.customer("Aaa comes before")
    Customer.objects.filter(pk=first.rows[-1].pk).delete()
    second = pagination.page(Customer.objects.all(), ORDERS["name"], first.next_cursor, 50)
    assert not {row.pk for row in second.rows} & {row.pk for row in first.rows}
    assert len(second.rows) == 13


def test_the_pages_of_a_filtered_list_keep_the_filter_and_link_to_the_first(page, many, monkeypatch):
    monkeypatch.setattr(pagination.page, "__defaults__", (5,))
    seen = page("/customers/", sort="-name", q="customer")
    [link] = re.findall(r'href="(\?[^"]*cursor=[^"]*)"', seen)
    link = link.replace("&amp;", "&")
    assert "q=customer" in link
    assert "First page" not in seen
    after = page(f"/customers/{link}")
    assert "First page" in after
    assert "23 customers" in after


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwxXQ:aaaa", "\0", "é"])
@pytest.mark.parametrize("path", ["/customers/", "/at-risk/"])
def test_a_made_up_cursor_is_refused_kindly(page, path, cursor):
    assert "This address does not work" in page(path, 400, cursor=cursor)


def test_a_cursor_of_another_order_is_refused(page, many):
    first = pagination.page(Customer.objects.all(), ORDERS["name"], None, 5)
    page("/customers/", 400, cursor=first.next_cursor, sort="-name")
    page("/customers/", 200, cursor=first.next_cursor, sort="name")
