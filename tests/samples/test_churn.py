"""The churn process and the regression that finds it again, on numbers a reader can redo."""

from datetime import date

import numpy as np
import pytest

from samples.portfolio import check, churn
from samples.portfolio.spec import Portfolio
from scoring import engine
from scoring.backtest import statistics, suggest

DAYS = 120


def counts(**days):
    """Return no events at all but `name=(day, count)`; underscores stand for spaces."""
    found = {driver.name: np.zeros(DAYS, dtype=np.int64) for driver in churn.DRIVERS}
    for name, (day, count) in days.items():
        found[name.replace("_", " ")][day] = count
    return found


def driver(name):
    return [driver.name for driver in churn.DRIVERS].index(name)


def sums(close, **days):
    return churn.decayed_sums(counts(**days), np.array([close]))[0]


def test_an_event_counts_half_after_thirty_days():
    assert sums(100, Report_created=(100, 1))[driver("Report created")] == 1
    assert sums(100, Report_created=(70, 1))[driver("Report created")] == 0.5


def test_an_event_counts_for_sixty_days_and_not_before_it_happens():
    assert sums(100, Report_created=(41, 1))[driver("Report created")] == pytest.approx(2 ** (-59 / 30), abs=1e-6)
    assert sums(100, Report_created=(40, 1))[driver("Report created")] == 0
    assert sums(100, Report_created=(101, 1))[driver("Report created")] == 0


def test_a_day_counts_at_most_its_cap():
    assert sums(100, Report_created=(100, 9))[driver("Report created")] == 5


def test_the_decay_is_that_of_a_published_scoring_model():
    assert (churn.DECAY * 1_000_000).round().astype(int).tolist() == engine.decay_table(churn.WINDOW, churn.HALF_LIFE)


def test_a_rising_price_makes_leaving_eleven_times_as_likely():
    calm, risen = churn.hazard(np.array([sums(100), sums(100, Price_raised=(100, 1))]))
    assert calm == pytest.approx(1 / (1 + np.exp(3.4)))
    assert risen / (1 - risen) / (calm / (1 - calm)) == pytest.approx(np.exp(2.4))


def test_customers_decide_every_thirty_days_back_from_the_last():
    assert churn.decision_days(120).tolist() == [59, 89, 119]


def test_logistic_regression_finds_the_log_odds_of_a_two_by_two_table():
    inputs = np.repeat([0.0, 1.0], 100)[:, None]
    happened = np.array([True] * 20 + [False] * 80 + [True] * 50 + [False] * 50)
    fit = suggest.logistic(inputs, happened, np.arange(200), penalty=0.0)
    assert (fit.intercept, *fit.coefficients) == pytest.approx((np.log(20 / 80), np.log(4)))
    # The textbook's error of a log-odds ratio; the sandwich's is that times n / (n − 1) for 200 customers.
    assert fit.errors[0] ** 2 == pytest.approx((1 / 20 + 1 / 80 + 1 / 50 + 1 / 50) * 200 / 199)


def test_the_check_says_when_nobody_left_and_there_is_nothing_to_find():
    with pytest.raises(suggest.DoesNotConverge):
        check.report(Portfolio(1, 90, 1, date(2026, 6, 30)))


def test_auc_is_the_share_of_pairs_in_the_right_order():
    happened = np.array([True, True, False, False])
    assert statistics.auc(np.array([4.0, 2.0, 3.0, 1.0]), happened, np.arange(4)).value == 0.75
    assert statistics.auc(np.array([1.0, 1.0, 1.0, 1.0]), happened, np.arange(4)).value == 0.5


def test_every_sign_and_the_large_weights_are_found_again(many):
    """5,000 find the order of all eight: `python -m samples.portfolio.check`."""
    fit = suggest.logistic(many.sums, many.left, many.who, penalty=0.0)
    off = np.abs(fit.coefficients - churn.WEIGHTS) / fit.errors
    assert (np.sign(fit.coefficients) == np.sign(churn.WEIGHTS)).all()
    assert off.max() < 4  # standard errors
    assert statistics.auc(churn.hazard(many.sums), many.left, many.who).value > 0.8
