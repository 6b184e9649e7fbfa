"""The thresholds of Today, with numbers a reader can redo."""

from datetime import date, timedelta

import pytest

from scoring.risk import today_signals as signals

MONDAY = date(2026, 6, 15)


@pytest.mark.parametrize(("active", "seats", "near"), [(9, 10, True), (8, 10, False), (1, None, False), (1, 0, False)])
def test_a_plan_is_near_its_limit_at_nine_tenths_of_its_seats(active, seats, near):
    assert signals.is_plan_limit_near(active, seats) is near


@pytest.mark.parametrize(
    ("is_trial", "band", "is_chance"),
    [(True, "highly_engaged", True), (True, "power_user", True), (True, "somewhat_engaged", False),
     (False, "power_user", False), (True, None, False)],
)  # fmt: skip
def test_a_trial_is_very_active_from_highly_engaged_on(is_trial, band, is_chance):
    assert signals.is_trial_very_active(is_trial=is_trial, band=band) is is_chance


@pytest.mark.parametrize(
    ("age", "days", "done", "of", "behind"),
    [
        (1, 3, 0, 4, False),  # 1 of 3 days is less than half
        (2, 3, 1, 4, True),
        (2, 3, 2, 4, False),  # half of the actions is enough
        (6, 14, 0, 4, False),
        (7, 14, 1, 3, True),  # 1 is less than 1.5
        (7, 14, 0, 0, False),  # no key actions: nobody is behind
    ],
)
def test_a_newcomer_is_behind_with_half_the_days_gone_and_less_than_half_the_actions_done(age, days, done, of, behind):
    today = MONDAY + timedelta(days=age)
    assert signals.is_behind(MONDAY, days, done=done, of=of, today=today) is behind


def test_a_renewal_is_near_for_ninety_days_and_a_promoter_new_for_thirty():
    assert signals.renewal_near_since(MONDAY + timedelta(days=90)) == MONDAY
    assert signals.promoters_since(MONDAY) == MONDAY - timedelta(days=29)
