"""Many rows changed at once end as if each had been saved."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError, transaction

from core.db import bulk
from customers.models import Customer
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

COLUMNS = ("name", "parent_id", "mrr", "seats", "tags", "attributes", "stage", "churned_on", "provisional", "currency")
VALUES = {
    "name": "Ünï, “quoted” {x} \\ 'y'",
    "mrr": Decimal("12.30"),
    "seats": 7,
    "tags": ["a,b", '"c"', "{d}", "NULL", ""],
    "attributes": {"region": ["n", {"o": None}], "ü": 1.5},
    "stage": "churned",
    "churned_on": date(2026, 2, 1),
    "provisional": True,
    "currency": "USD",
}


@pytest.fixture
def two():
    return [Customer.objects.create(name=name, created_at=NOW, tags=["old"], seats=1) for name in ("A", "B")]


def test_every_kind_of_column_arrives_as_it_was(two):
    first, second = two
    for name, value in VALUES.items():
        setattr(first, name, value)
    first.parent, second.seats, second.tags = second, None, []
    bulk.update(two, COLUMNS)
    stored = Customer.objects.get(pk=first.pk)
    assert {name: getattr(stored, name) for name in VALUES} == VALUES
    assert stored.parent_id == second.pk
    stored = Customer.objects.get(pk=second.pk)
    assert (stored.seats, stored.tags, stored.name) == (None, [], "B")


def test_what_is_too_long_is_refused_and_never_cut(two):
    two[0].currency = "EURO"
    with pytest.raises(DataError), transaction.atomic():
        bulk.update(two, ["currency"])


def test_one_query_for_many_and_none_for_nobody(two, django_assert_num_queries):
    with django_assert_num_queries(1):
        bulk.update(two, COLUMNS)
    with django_assert_num_queries(0):
        bulk.update([], COLUMNS)
