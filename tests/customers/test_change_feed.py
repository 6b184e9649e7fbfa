"""The change feed: each stage takes its own rows, as many as it asks for, whatever the planner thinks of them."""

import pytest
from django.db import connection

from customers import change_feed
from customers.models import Changed

pytestmark = pytest.mark.django_db

PLANS = {"as it likes": "", "nested loops": "hashjoin mergejoin hashagg material sort bitmapscan"}


@pytest.mark.parametrize("plan", PLANS)
def test_no_more_are_claimed_than_asked_for(plan):
    change_feed.resettle((n, n) for n in range(50))
    with connection.cursor() as cursor:
        for name in PLANS[plan].split():
            cursor.execute(f"SET LOCAL enable_{name} = off")
    assert change_feed.claim(change_feed.RESETTLE, 1) == [(0, 0)]
    assert sorted(change_feed.claim(change_feed.RESETTLE, 9)) == [(n, n) for n in range(1, 10)]
    assert Changed.objects.count() == 40
