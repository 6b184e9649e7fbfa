"""The days portfolios are compared with, under the versions of today, and the shares of each closed day."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import InputLog
from scoring.model_versions import assigned, versions
from scoring.models import DayShare, PastBand, PastDay, ScoreHistory, ScoringModel
from scoring.runs import day_shares, history, past_days, recompute, shards
from scoring.vectorised import BatchEngine
from tests.conftest import NOW
from tests.pages import cast
from tests.scoring import portfolios

pytestmark = pytest.mark.django_db
TODAY = NOW.date()  # 15 June


@pytest.fixture
def customers(begun):
    return portfolios.make(300, portfolios.types(["Report created", "Signed in"]))


def bands(day):
    past_day = past_days.find(day)
    rows = PastBand.objects.filter(of=past_day).values_list("customer", "health_band", "engagement_band")
    return {pk: (health, engagement) for pk, health, engagement in rows}


def recomputed(customers, day):
    """Return what the published version makes of the day from a whole history read anew."""
    batch_engine = BatchEngine(versions.load(ScoringModel.objects.current()))
    [(_day, scores)] = recompute.over_days(batch_engine, customers, day, day)
    return {row.customer: (row.health_band, row.engagement_band) for row in scores.rows()}


def publish_another():
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    ScoringModel.objects.filter(pk=draft.pk).update(yellow_from=70, green_from=90)
    return versions.publish(ScoringModel.objects.get(pk=draft.pk), now=NOW, by=None)


def test_periods_begin_after_the_day_they_are_compared_with():
    starts = {name: f"{start(TODAY):%d %b}" for name, start in past_days.PERIODS.items()}
    assert starts == {"month": "30 Apr", "7": "08 Jun", "30": "16 May", "90": "17 Mar", "quarter": "31 Mar"}


def test_every_customer_followed_then_is_judged_by_the_version_of_today(customers):
    day = TODAY - timedelta(days=7)
    history.write_shard(assigned.load(), day, customers[:100])  # for some, the history is there
    assert past_days.make(now=NOW) == len(past_days.PERIODS) * len(shards.all_of_them())
    before = bands(day)
    assert before == recomputed(customers, day) and len(before) > 200
    publish_another()
    assert past_days.find(day) is None
    past_days.make(now=NOW)
    assert bands(day) == recomputed(customers, day) != before


def test_a_day_is_made_once_and_forgotten_when_nothing_asks_for_it(customers):
    past_days.make(now=NOW)
    assert past_days.make(now=NOW) == 0
    later = NOW + timedelta(days=4)
    past_days.make(now=later)
    assert set(PastDay.objects.values_list("day", flat=True)) == {
        start(later.date()) for start in past_days.PERIODS.values()
    }
    assert set(PastBand.objects.values_list("of", flat=True)) <= set(PastDay.objects.values_list("pk", flat=True))


def test_a_history_that_is_written_again_is_made_again(customers):
    past_days.make(now=NOW)
    day = TODAY - timedelta(days=7)
    past_days.forget(day, day)
    assert past_days.find(day) is None
    assert past_days.make(now=NOW) == len(shards.all_of_them())


def test_revenue_then_is_what_was_logged_by_then_else_todays(begun):
    logged, unlogged, unknown = (cast.customer(name, mrr=500) for name in ("Logged", "Unlogged", "Unknown"))
    day = TODAY - timedelta(days=7)
    InputLog.objects.create(customer=logged, name="mrr", known_on=day, number=120_500, text="EUR")
    InputLog.objects.create(customer=logged, name="mrr", known_on=TODAY, number=500_000, text="EUR")
    InputLog.objects.create(customer=unknown, name="mrr", known_on=day, number=None, text="EUR")
    assert past_days.worth_then([logged.pk, unlogged.pk, unknown.pk], day) == {
        logged.pk: (Decimal("120.50"), False),
        unlogged.pk: (Decimal("500.00"), True),
        unknown.pk: (None, False),
    }


def test_closed_days_are_added_up_once_and_agree_with_their_history(customers):
    closed = [TODAY - timedelta(days=ago) for ago in (3, 2, 1)]
    for day in closed:
        history.write_shard(assigned.load(), day, customers)
    assert day_shares.add_up(now=NOW) == day_shares.MOST  # days without history are done, too
    while day_shares.add_up(now=NOW):
        pass
    assert (
        sum(DayShare.objects.filter(day=closed[0]).values_list("customers", flat=True))
        == ScoreHistory.objects.filter(day=closed[0]).count()
        > 200
    )
    assert day_shares.differences(closed[0], closed[-1]) == []
    ScoreHistory.objects.filter(day=closed[1], customer__in=customers[:50]).delete()
    assert day_shares.differences(closed[0], closed[-1]) == [closed[1]]
    day_shares.forget(closed[1], closed[1])
    assert day_shares.add_up(now=NOW) == 1
    assert day_shares.differences(closed[0], closed[-1]) == []
