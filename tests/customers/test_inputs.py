from datetime import timedelta

import pytest

from core.days import business_day
from customers import inputs, lifecycle
from customers.models import InputLog
from tests.conftest import NOW

TODAY = business_day(NOW)


def days_logged(name):
    rows = InputLog.objects.filter(name=name).order_by("known_on")
    return [((row.known_on - TODAY).days, row.number, row.text) for row in rows]


@pytest.mark.django_db
def test_a_value_that_only_repeats_is_logged_again_every_seven_days(begun):
    for day in range(15):
        inputs.note([(1, "plan", TODAY + timedelta(days=day), None, "pro")])
    assert days_logged("plan") == [(0, None, "pro"), (7, None, "pro"), (14, None, "pro")]


@pytest.mark.django_db
def test_a_change_is_logged_on_its_day_and_the_days_last_value_wins(begun):
    for day, plan in ((0, "pro"), (1, "basic"), (1, "pro"), (2, "basic")):
        inputs.note([(1, "plan", TODAY + timedelta(days=day), None, plan)])
    assert days_logged("plan") == [(0, None, "pro"), (1, None, "pro"), (2, None, "basic")]


@pytest.mark.django_db
def test_what_is_no_longer_known_is_logged_as_unknown(begun):
    for day, mrr in ((0, 100), (1, None)):
        lifecycle.upsert(
            [{"company_id": "c", "mrr": mrr}], now=NOW + timedelta(days=day), known_on=TODAY + timedelta(days=day)
        )
    assert days_logged("mrr") == [(0, 100_000, "EUR"), (1, None, "EUR")]
