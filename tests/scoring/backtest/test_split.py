from datetime import date

from scoring.backtest.split import Role, stands

MAY = date(2026, 5, 1)


def roles(days, horizon, last):
    return [stand.role for stand in stands(days, horizon, last)]


def test_the_latest_third_judges_and_what_fits_is_over_before_it_begins():
    days = [date(2026, month, 1) for month in (1, 2, 3, 4, 5, 6)]
    # 29 days after 1 April is 30 April, before the first day that judges; 30 days after is that day itself.
    assert roles(days, 29, date(2026, 12, 31)) == [Role.FIT] * 4 + [Role.JUDGE] * 2
    assert roles(days, 30, date(2026, 12, 31)) == [Role.FIT] * 3 + [Role.GAP] + [Role.JUDGE] * 2


def test_a_day_whose_horizon_is_not_over_is_immature():
    assert roles([MAY], 30, date(2026, 5, 31)) == [Role.JUDGE]
    assert roles([MAY], 30, date(2026, 5, 30)) == [Role.IMMATURE]


def test_a_single_day_judges_and_none_fits():
    assert roles([MAY, MAY], 30, date(2026, 12, 31)) == [Role.JUDGE]
    assert roles([], 30, MAY) == []
