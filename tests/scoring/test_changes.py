"""What the lists sort by: changes over 7 and 30 days, the monthly value, the next renewal; written when scoring."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.models import CurrencyRate
from customers.models import Stage
from records.models import Contract
from scoring.explain import trends
from scoring.model_versions import assigned
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from scoring.runs import run
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()


@pytest.fixture
def acme(begun):
    return cast.customer("Acme", mrr=Decimal(200), currency="USD")


def then(customer, ago, engagement, health):
    ScoreHistory.objects.create(
        customer=customer, day=TODAY - timedelta(days=ago), model=ScoringModel.objects.current(),
        engagement=engagement, engagement_band=None if engagement is None else "somewhat_engaged",
        health=health, health_band=None if health is None else "yellow", coverage=10_000, inputs_digest=b"",
    )  # fmt: skip


def scored(customer):
    run.score_everyone(now=NOW)
    return CurrentScore.objects.get(customer=customer)


def test_a_change_is_today_minus_the_history_of_that_day(acme):
    cast.counted(acme, "Meeting held", 0)
    cast.counted(acme, "Report created", 0)
    for ago, engagement, health in ((7, 1_000, 5_000), (8, 9_999, 1), (30, 6_000, None), (14, 3_000, 9_000)):
        then(acme, ago, engagement, health)
    score = scored(acme)
    assert score.engagement_change_7 == score.engagement - 1_000
    assert score.engagement_change_30 == score.engagement - 6_000
    assert score.health_change_7 == score.health - 5_000
    assert score.health_change_30 is None
    assert (score.engagement_before, score.health_before) == (3_000, 9_000)


def test_without_history_nothing_changed_that_anybody_knows_of(acme):
    score = scored(acme)
    assert {score.engagement_change_7, score.engagement_change_30, score.health_change_7} == {None}


def test_the_monthly_value_is_in_the_base_currency(acme):
    assert scored(acme).monthly_value is None  # no rate
    CurrencyRate.objects.create(currency="USD", day=date(2026, 1, 1), rate=Decimal("0.5"))
    CurrentScore.objects.all().delete()
    run.periodic.drop_others(run.JOB, "")
    assert scored(acme).monthly_value == 100


def test_the_next_renewal_is_kept_while_the_customer_is_followed(acme):
    for days in (-1, 40, 90):
        Contract.objects.create(
            customer=acme,
            name=f"{days}",
            currency="USD",
            starts_on="2025-01-01",
            renews_on=TODAY + timedelta(days=days),
        )
    score = scored(acme)
    assert (score.renews_on, score.renews_soon) == (TODAY + timedelta(days=40), True)
    acme.stage, acme.churned_on = Stage.CHURNED, TODAY
    acme.save()
    run.score(assigned.load(), [acme.pk], now=NOW)
    assert CurrentScore.objects.get(customer=acme).renews_on is None


def test_a_trend_has_a_value_for_each_day_and_gaps_where_nothing_is_known(acme):
    then(acme, 30, 1_000, 2_000)
    then(acme, 31, 9_999, 9_999)  # too long ago
    then(acme, 2, 3_000, None)
    cast.score(acme, engagement=5_000, health=6_000)
    trend = trends.load_trends([acme], today=TODAY)[acme.pk]
    assert len(trend.engagement) == len(trend.health) == 31
    assert {i: value for i, value in enumerate(trend.engagement) if value is not None} == {
        0: 1_000,
        28: 3_000,
        30: 5_000,
    }
    assert {i: value for i, value in enumerate(trend.health) if value is not None} == {0: 2_000, 30: 6_000}


def test_the_trends_of_a_page_cost_one_query(acme, django_assert_num_queries):
    cast.score(acme)
    customers = [type(acme).objects.select_related("score").get(pk=acme.pk)]
    with django_assert_num_queries(1):
        trends.load_trends(customers, today=TODAY)
