"""What the numbers suggest: pure, with numbers a reader can check."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from desk.profile.contradiction import RevenueAndHealth, contradiction
from desk.profile.next_steps import next_steps
from scoring.risk.signals import Champion, Circumstances, Habit

TODAY = date(2026, 6, 15)


def steps(**known):
    return [step.text for step in next_steps(Circumstances(today=TODAY, **known))]


def ago(days):
    return TODAY - timedelta(days=days)


def test_nothing_presses_when_nothing_is_known():
    assert steps() == []


def test_nobody_is_sent_to_who_has_left_or_was_just_spoken_to():
    silent = Habit(silence=14, gap=2, days=20)
    assert steps(champion=Champion("Ann", silent, has_left=True)) == []
    assert steps(champion=Champion("Ann", silent), last_touch_on=ago(7)) == []
    assert len(steps(champion=Champion("Ann", silent), last_touch_on=ago(8))) == 1
    assert steps(departed="Ann") == ["Ann has left: find out who takes over, and introduce yourself."]


def test_whoever_is_at_risk_gets_a_suggestion():
    assert steps(reason="health 80 → 55 in 14 days") == [
        "Call them to find out what is behind it: health 80 → 55 in 14 days."
    ]
    assert steps(reason="health is low at 20", last_touch_on=ago(0)) == [
        "Still at risk after your last conversation (health is low at 20): agree on what happens next, and log it."
    ]
    assert steps(reason="health is low at 20", renews_on=TODAY) == ["The contract renews today."]


def test_a_near_renewal_is_named_and_worded_by_health():
    assert steps(renews_on=TODAY + timedelta(days=40)) == ["The contract renews in 40 days: agree on the next term."]
    assert steps(renews_on=TODAY + timedelta(days=1), is_red=True)[0].startswith(
        "The contract renews in 1 day: restore the relationship"
    )
    assert steps(renews_on=TODAY) == ["The contract renews today."]
    assert steps(renews_on=TODAY + timedelta(days=91)) == []


def test_what_is_overdue_comes_first():
    said = steps(overdue=Decimal(1200), overdue_since=ago(6), renews_on=TODAY)
    assert said[0] == "Ask about €1,200 overdue for 6 days."


def test_an_old_ticket_is_named_and_a_new_one_is_not():
    assert steps(open_tickets=1, oldest_ticket_on=ago(9)) == [
        "A ticket has been open for 9 days: check its status before you call."
    ]
    assert steps(open_tickets=3, oldest_ticket_on=ago(9))[0].startswith("3 tickets are open, the oldest for 9 days")
    assert steps(open_tickets=3, oldest_ticket_on=ago(6)) == []


@pytest.mark.parametrize(
    ("champion", "is_missed"),
    [
        (Champion("Ann", Habit(silence=14, gap=2, days=20)), True),
        (Champion("Ann", Habit(silence=13, gap=2, days=20)), False),  # not long enough for anybody
        (Champion("Ann", Habit(silence=29, gap=10, days=20)), False),  # not three of her usual gaps
        (Champion("Ann", Habit(silence=60, gap=2, days=4)), False),  # never a regular
    ],
)
def test_a_champion_is_missed_by_their_own_habit(champion, is_missed):
    said = steps(champion=champion)
    assert said == (["Ann, the most active contact, has been inactive for 14 days: get in touch."] if is_missed else [])


def test_nobody_owns_it_nobody_called_and_the_pulse_was_red():
    assert steps(has_owner=False, is_red=True, pulse="red") == [
        "This customer has no owner: assign one.",
        "No call or meeting has been logged: call them.",
        "The last pulse was red: agree on a plan, and log how it went.",
    ]
    assert steps(last_touch_on=ago(45)) == ["The last call or meeting was 45 days ago."]
    assert steps(last_touch_on=ago(44)) == []


def test_nothing_is_suggested_for_who_left():
    assert steps(is_followed=False, overdue=Decimal(5), overdue_since=ago(6), has_owner=False) == []


def sentence(**known):
    return contradiction(
        RevenueAndHealth(
            **{"days": 90, "mrr_before": None, "mrr": None, "health_before": None, "health": None, **known}
        )
    )


def test_revenue_up_and_health_down_is_said_and_the_reverse():
    up = sentence(mrr_before=Decimal(1000), mrr=Decimal(1200), health_before=7_000, health=4_500)
    assert up == "In 90 days revenue rose by 20% while health fell from 70 to 45: they pay more and do less with it."
    down = sentence(mrr_before=Decimal(1000), mrr=Decimal(900), health_before=4_500, health=5_500)
    assert down == "In 90 days revenue fell by 10% while health rose from 45 to 55: they pay less and do more with it."


@pytest.mark.parametrize(
    "known",
    [
        {"mrr_before": Decimal(1000), "mrr": Decimal(1200), "health_before": 4_500, "health": 7_000},  # both rose
        {"mrr_before": Decimal(1000), "mrr": Decimal(1049), "health_before": 7_000, "health": 4_500},  # 4.9 %
        {"mrr_before": Decimal(1000), "mrr": Decimal(1200), "health_before": 7_000, "health": 6_001},  # 9.99 points
        {
            "mrr_before": Decimal(0),
            "mrr": Decimal(1200),
            "health_before": 7_000,
            "health": 4_500,
        },  # no share of nothing
        {"mrr": Decimal(1200), "health_before": 7_000, "health": 4_500},
    ],
)
def test_small_or_unknown_or_common_changes_are_no_contradiction(known):
    assert sentence(**known) == ""
