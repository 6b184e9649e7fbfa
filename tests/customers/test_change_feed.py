"""A row for each stage that asks; claimed with the work, and back again when the work fails."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from customers import change_feed
from customers.models import Changed
from tests.pages import cast


@pytest.mark.django_db
def test_every_stage_that_asks_has_a_row_of_its_own(settings):
    settings.CHANGE_STAGES = ("score", "measures")
    change_feed.note([7, 5, 7])
    assert sorted(Changed.objects.values_list("stage", "customer")) == [
        ("measures", 5), ("measures", 7), ("score", 5), ("score", 7),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_stage_that_is_switched_off_leaves_no_rows(settings, django_assert_num_queries):
    settings.CHANGE_STAGES = ()
    with django_assert_num_queries(0):
        change_feed.note([5])
    assert not Changed.objects.exists()


@pytest.mark.django_db
def test_a_stage_takes_its_own_rows_the_oldest_first():
    change_feed.note([5])
    change_feed.resettle([(6, 60)])
    change_feed.note([4])
    assert change_feed.claim("score", 1) == [(5, None, None, None)]
    assert change_feed.claim("resettle", 9) == [(6, 60, None, None)]
    assert [row.customer_id for row in Changed.objects.all()] == [4]


@pytest.mark.django_db(transaction=True)
def test_what_is_claimed_by_work_that_fails_waits_again(begun):
    change_feed.note([cast.customer("Acme").pk])
    before = set(Changed.objects.values_list("pk", flat=True))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert change_feed.claim("score", 9)
        raise ZeroDivisionError
    assert set(Changed.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_row(begun):
    def elsewhere():
        try:
            with transaction.atomic():
                return change_feed.claim("score", 9)
        finally:
            connection.close()

    change_feed.note([1, 2])
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        mine = change_feed.claim("score", 1)
        theirs = other.submit(elsewhere).result()
    assert {mine[0].customer, theirs[0].customer} == {1, 2}


PLANS = {"as it likes": "", "nested loops": "hashjoin mergejoin hashagg material sort bitmapscan"}


@pytest.mark.django_db
@pytest.mark.parametrize("plan", PLANS)
def test_no_more_are_claimed_than_asked_for(plan):
    change_feed.resettle((n, n) for n in range(50))
    with connection.cursor() as cursor:
        for name in PLANS[plan].split():
            cursor.execute(f"SET LOCAL enable_{name} = off")
    assert change_feed.claim(change_feed.RESETTLE, 1) == [(0, 0, None, None)]
    claimed = change_feed.claim(change_feed.RESETTLE, 9)
    assert sorted(row.customer for row in claimed) == list(range(1, 10))
    assert Changed.objects.count() == 40
