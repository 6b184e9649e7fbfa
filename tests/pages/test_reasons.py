"""Reasons in words. Pure: the numbers go in, the sentences come out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from customers import segments
from customers.models import Contact
from events.models import Channel
from scoring.model_versions import default_model, versions
from scoring.models import EngagementBand, HealthBand, ScoringModel
from scoring.risk.signals import Habit, Signals, Trouble
from scoring.risk.wording import TROUBLES, reasons, sentences
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

TODAY = cast.TODAY
BOUGHT_EVERY_NINE = Habit(silence=41, gap=9, days=12)


def test_a_fall_comes_first_then_the_broken_habit():
    signals = Signals(engagement=3_100, engagement_before=6_240, habits={Channel.PURCHASE: BOUGHT_EVERY_NINE})
    assert sentences(signals) == [
        "engagement 62 → 31 in 14 days",
        "no purchase for 41 days (usually every 9 days)",
    ]


def test_a_fall_of_less_than_ten_points_is_no_reason():
    assert sentences(Signals(engagement=4_001, engagement_before=5_000)) == []
    assert sentences(Signals(engagement=4_000, engagement_before=5_000)) == ["engagement 50 → 40 in 14 days"]


def test_health_is_named_when_it_fell_and_engagement_did_not():
    signals = Signals(engagement=5_000, engagement_before=5_500, health=4_000, health_before=7_000)
    assert sentences(signals) == ["health 70 → 40 in 14 days"]


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
    assert sentences(Signals(habits=habits)) == ["product not used for 20 days (usually daily)"]


def test_not_asking_for_support_is_no_reason():
    assert sentences(Signals(habits={Channel.SUPPORT: Habit(silence=90, gap=5, days=9)})) == []


def test_when_everything_is_silent_one_sentence_says_it_and_a_longer_missed_purchase():
    habits = {Channel.PRODUCT: Habit(silence=23, gap=1, days=90), Channel.PURCHASE: BOUGHT_EVERY_NINE}
    assert sentences(Signals(quiet_days=23, habits=habits)) == [
        "no activity for 23 days",
        "no purchase for 41 days (usually every 9 days)",
    ]


def test_grave_trouble_comes_before_silence_and_slight_trouble_is_left_out():
    troubles = [
        Trouble("Ticket opened", 4, Decimal(4), TODAY),
        Trouble("Payment failed", 1, Decimal(6), TODAY),
        Trouble("Champion left", 1, Decimal(15), date(2026, 5, 30), person="Joost Aydin"),
    ]
    signals = Signals(troubles=troubles, habits={Channel.PURCHASE: BOUGHT_EVERY_NINE})
    assert sentences(signals) == [
        "Champion left on 30 May (Joost Aydin)",
        "no purchase for 41 days (usually every 9 days)",
        "Payment failed on 15 Jun",
    ]


def test_at_most_three_reasons_are_given():
    habits = {channel: Habit(silence=20, gap=1, days=9) for channel in Channel}
    assert len(sentences(Signals(habits=habits))) == 3


def test_when_nothing_changed_the_standing_is_said():
    low = Signals(health=2_000, health_band=HealthBand.RED)
    assert sentences(low) == ["health is low at 20"]
    unknown = Signals(engagement=-300, engagement_band=EngagementBand.CHURN_RISK)
    assert sentences(unknown) == ["engagement is low at −3"]


@pytest.mark.parametrize(
    ("language", "gap", "said"),
    [
        ("fr", 9, "aucun achat depuis 41\xa0jours (d’ordinaire tous les 9\xa0jours)"),
        ("ru", 9, "нет покупок 41\xa0день (обычно раз в 9\xa0дней)"),
        ("ru", 1, "нет покупок 41\xa0день (обычно ежедневно)"),
    ],
)
def test_reasons_are_said_in_the_readers_language(language, gap, said):
    with translation.override(language):
        assert sentences(Signals(habits={Channel.PURCHASE: Habit(silence=41, gap=gap, days=9)})) == [said]


def test_reasons_of_a_page_take_one_query_and_only_activities_are_habits(begun, django_assert_num_queries):
    customers = [cast.at_risk(f"Customer {i}") for i in range(5)]
    cast.counted(customers[0], "Order completed", 41, 50, 59, 68)
    cast.counted(customers[1], "Email opened", 30, 31, 32)
    cast.counted(customers[2], "Payment failed", 0, 1)
    cast.counted(customers[2], "Payment failed", 40)
    with django_assert_num_queries(1):
        told = reasons(customers, today=cast.TODAY)
    assert told[customers[0].pk] == ["no purchase for 41 days (usually every 9 days)"]
    assert told[customers[1].pk] == ["health is low at 20"]
    assert told[customers[2].pk] == ["2 failed payments in 30 days"]


def test_troubles_count_once_and_by_the_version_that_scored_the_customer(begun):
    """A segment's published model stands beside everybody's: neither counts for the other's customers."""
    ada, everybody = cast.colleague("Ada", Role.ADMIN), ScoringModel.objects.current()
    plus = segments.save("Plus", {"plan": "plus"}, is_shared=True, by=ada, now=NOW)
    draft = versions.draft_from(everybody, now=NOW)
    draft.segment = plus
    draft.save()
    draft.weights.filter(event_type__name="Payment failed").update(points=-1)
    draft.weights.filter(event_type__name="Ticket opened").update(points=-20)
    of_plus = versions.publish(draft, now=NOW, by=ada)
    usual, member = cast.at_risk("Usual"), cast.at_risk("Member", model=of_plus)
    for customer in (usual, member):
        cast.counted(customer, "Payment failed", 0, 1)
        cast.counted(customer, "Ticket opened", 2)
    told = reasons([usual, member], today=cast.TODAY)
    assert told[usual.pk] == ["2 failed payments in 30 days"]
    assert told[member.pk] == ["Ticket opened on 13 Jun"]


def test_who_left_is_named_by_the_newest_event(begun, django_assert_num_queries):
    left, unnamed, other = (cast.at_risk(name) for name in ("Left", "Unnamed", "Other"))
    joost = Contact.objects.create(customer=left, name="Joost Aydin", created_at=NOW)
    for customer in (left, unnamed):
        cast.counted(customer, "Champion left", 3)
    cast.happened(left, "Champion left", NOW - timedelta(days=90), properties={"name": "Long ago"})
    cast.happened(left, "Champion left", NOW - timedelta(days=3), joost, properties={"name": "J."})
    cast.happened(left, "Feature used", NOW, properties={"name": "Export"})
    cast.happened(unnamed, "Champion left", NOW - timedelta(days=3))
    cast.happened(other, "Champion left", NOW - timedelta(days=3), properties={"name": "Not counted"})
    with django_assert_num_queries(2):
        told = reasons([left, unnamed, other], today=cast.TODAY)
    assert told[left.pk] == ["Champion left on 12 Jun (Joost Aydin)"]
    assert told[unnamed.pk] == ["Champion left on 12 Jun"]
    assert told[other.pk] == ["health is low at 20"]


def test_every_type_that_costs_points_from_the_start_has_a_plural_of_its_own():
    losses = {name for name, (points, _cap) in default_model.POINTS.items() if Decimal(points) < 0}
    assert losses - set(TROUBLES) == {"Subscription cancelled"}, "that one happens once"


def test_other_types_are_told_by_name():
    trouble = Trouble("Refund asked for", 3, Decimal(9), TODAY)
    assert sentences(Signals(troubles=[trouble])) == ["Refund asked for: 3 in 30 days"]
