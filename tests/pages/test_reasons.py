"""Reasons in words. Pure: the numbers go in, the sentences come out."""

from decimal import Decimal

import pytest
from django.utils import translation

from events.models import Channel
from scoring.models import EngagementBand, HealthBand
from scoring.risk.signals import reasons_of
from scoring.risk.wording import Habit, Signs, Trouble, sentences
from tests.pages import cast

BOUGHT_EVERY_NINE = Habit(silence=41, gap=9, days=12)


def test_a_fall_comes_first_then_the_broken_habit():
    signs = Signs(engagement=3_100, engagement_before=6_240, habits={Channel.PURCHASE: BOUGHT_EVERY_NINE})
    assert sentences(signs) == [
        "engagement 62 → 31 in 14 days",
        "no purchase for 41 days (usually every 9 days)",
    ]


def test_a_fall_of_less_than_ten_points_is_no_reason():
    assert sentences(Signs(engagement=4_001, engagement_before=5_000)) == []
    assert sentences(Signs(engagement=4_000, engagement_before=5_000)) == ["engagement 50 → 40 in 14 days"]


def test_health_is_named_when_it_fell_and_engagement_did_not():
    signs = Signs(engagement=5_000, engagement_before=5_500, health=4_000, health_before=7_000)
    assert sentences(signs) == ["health 70 → 40 in 14 days"]


@pytest.mark.parametrize(
    ("habit", "is_broken"),
    [
        (Habit(silence=14, gap=1, days=30), True),
        (Habit(silence=13, gap=1, days=30), False),  # two weeks at least
        (Habit(silence=27, gap=9, days=12), True),
        (Habit(silence=26, gap=9, days=12), False),  # three usual gaps at least
        (Habit(silence=170, gap=0, days=1), False),  # once is no habit
    ],
)
def test_a_silence_is_telling_when_it_is_long_for_this_customer(habit, is_broken):
    assert habit.is_broken is is_broken


def test_a_channel_used_daily_says_so():
    habits = {Channel.PRODUCT: Habit(silence=20, gap=1, days=90)}
    assert sentences(Signs(habits=habits)) == ["product not used for 20 days (usually daily)"]


def test_not_asking_for_support_is_no_reason():
    assert sentences(Signs(habits={Channel.SUPPORT: Habit(silence=90, gap=5, days=9)})) == []


def test_when_everything_is_silent_one_sentence_says_it_and_a_longer_missed_purchase():
    habits = {Channel.PRODUCT: Habit(silence=23, gap=1, days=90), Channel.PURCHASE: BOUGHT_EVERY_NINE}
    assert sentences(Signs(quiet_days=23, habits=habits)) == [
        "no activity for 23 days",
        "no purchase for 41 days (usually every 9 days)",
    ]


def test_grave_trouble_comes_before_silence_and_slight_trouble_is_left_out():
    troubles = [
        Trouble("Ticket opened", 4, Decimal(4)),
        Trouble("Payment failed", 1, Decimal(6)),
        Trouble("Champion left", 1, Decimal(15)),
    ]
    signs = Signs(troubles=troubles, habits={Channel.PURCHASE: BOUGHT_EVERY_NINE})
    assert sentences(signs) == [
        "Champion left: 1 in 30 days",
        "no purchase for 41 days (usually every 9 days)",
        "Payment failed: 1 in 30 days",
    ]


def test_at_most_three_reasons_are_given():
    habits = {channel: Habit(silence=20, gap=1, days=9) for channel in Channel}
    assert len(sentences(Signs(habits=habits))) == 3


def test_when_nothing_changed_the_standing_is_said():
    low = Signs(health=2_000, health_band=HealthBand.RED)
    assert sentences(low) == ["health is low at 20"]
    unknown = Signs(engagement=-300, engagement_band=EngagementBand.CHURN_RISK)
    assert sentences(unknown) == ["engagement is low at −3"]


@pytest.mark.parametrize(
    ("language", "gap", "said"),
    [
        ("fr", 9, "aucun achat depuis 41\xa0jours (d’ordinaire tous les 9\xa0jours)"),
        ("ru", 9, "нет покупок 41 день (обычно раз в 9 дней)"),
        ("ru", 1, "нет покупок 41 день (обычно ежедневно)"),
    ],
)
def test_reasons_are_said_in_the_readers_language(language, gap, said):
    with translation.override(language):
        assert sentences(Signs(habits={Channel.PURCHASE: Habit(silence=41, gap=gap, days=9)})) == [said]


def test_reasons_of_a_page_take_two_queries_and_only_activities_are_habits(begun, django_assert_num_queries):
    customers = [cast.at_risk(f"Customer {i}") for i in range(5)]
    cast.counted(customers[0], "Order completed", 41, 50, 59, 68)
    cast.counted(customers[1], "Email opened", 30, 31, 32)
    cast.counted(customers[2], "Payment failed", 0, 1)
    cast.counted(customers[2], "Payment failed", 40)
    with django_assert_num_queries(2):
        reasons = reasons_of(customers, today=cast.TODAY)
    assert reasons[customers[0].pk] == ["no purchase for 41 days (usually every 9 days)"]
    assert reasons[customers[1].pk] == ["health is low at 20"]
    assert reasons[customers[2].pk] == ["Payment failed: 2 in 30 days"]
