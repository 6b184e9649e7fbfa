"""The regression against what can be calculated by hand, and its limits."""

import numpy as np
import pytest

from scoring.backtest import suggest

# Of 40 with the event 30 left, of 60 without it 20.
SUMS = np.repeat([1.0, 1.0, 0.0, 0.0], [30, 10, 20, 40])[:, None]
LEFT = np.repeat([True, False, True, False], [30, 10, 20, 40])
WHO = np.arange(100)


def test_one_event_that_came_or_not_gives_the_logarithm_of_the_odds_ratio():
    fit = suggest.logistic(SUMS, LEFT, WHO, penalty=0.0)
    assert fit.coefficients[0] == pytest.approx(np.log(6))  # (30/10) / (20/40)
    assert fit.intercept == pytest.approx(np.log(0.5))
    assert fit.errors[0] == pytest.approx(np.sqrt((1 / 30 + 1 / 10 + 1 / 20 + 1 / 40) * 100 / 99))


def test_the_same_customers_again_change_neither_weights_nor_errors():
    fit = suggest.logistic(SUMS, LEFT, WHO, penalty=0.0)
    again = suggest.logistic(np.tile(SUMS, (3, 1)), np.tile(LEFT, 3), np.tile(WHO, 3), penalty=0.0)
    assert again.coefficients == pytest.approx(fit.coefficients)
    assert again.errors == pytest.approx(fit.errors)


def test_a_row_that_stands_for_five_counts_as_five():
    weighed = suggest.logistic(SUMS, LEFT, WHO, counts_for=np.where(LEFT, 1.0, 5.0), penalty=0.0)
    five = np.concatenate([np.flatnonzero(LEFT), np.repeat(np.flatnonzero(~LEFT), 5)])
    repeated = suggest.logistic(SUMS[five], LEFT[five], WHO[five], penalty=0.0)
    assert weighed.coefficients == pytest.approx(repeated.coefficients)
    assert weighed.errors == pytest.approx(repeated.errors)


def test_a_limit_holds_a_weight_at_zero_and_leaves_a_right_one_alone():
    free = suggest.logistic(SUMS, LEFT, WHO)
    right = suggest.logistic(SUMS, LEFT, WHO, signs=np.array([1]))
    wrong = suggest.logistic(SUMS, LEFT, WHO, signs=np.array([-1]))
    assert right.coefficients == pytest.approx(free.coefficients)
    assert not right.held[0]
    assert wrong.coefficients[0] == 0 and wrong.held[0] and np.isnan(wrong.errors[0])
    assert wrong.intercept == pytest.approx(0.0)  # half of all left


def test_the_penalty_draws_towards_zero_and_makes_what_separates_finite():
    plain, penalised = suggest.logistic(SUMS, LEFT, WHO, penalty=0.0), suggest.logistic(SUMS, LEFT, WHO, penalty=20.0)
    assert 0 < penalised.coefficients[0] < plain.coefficients[0]
    separates = suggest.logistic(LEFT.astype(float)[:, None], LEFT, WHO)
    assert np.isfinite(separates.coefficients).all()


def test_a_rare_event_that_never_met_the_outcome_is_not_known_for_sure():
    random = np.random.default_rng(5)
    left = random.random(2_000) < 0.03
    rare = np.zeros(2_000)
    rare[np.flatnonzero(~left)[:10]] = 1.0
    fit = suggest.logistic(rare[:, None], left, np.arange(2_000))
    assert fit.coefficients[0] < 0 < fit.high[0]


def test_an_event_that_never_came_is_idle_and_disturbs_nobody():
    fit = suggest.logistic(np.column_stack([SUMS, np.zeros(100)]), LEFT, WHO, penalty=0.0)
    assert fit.idle.tolist() == [False, True]
    assert fit.coefficients == pytest.approx([np.log(6), 0.0])


def test_known_weights_are_found_again_within_their_intervals():
    random = np.random.default_rng(3)
    sums = random.poisson(2, size=(20_000, 3)).astype(float)
    true = np.array([0.8, -0.3, 0.0])
    left = random.random(20_000) < 1 / (1 + np.exp(2.5 - sums @ true))
    fit = suggest.logistic(sums, left, np.arange(20_000))
    assert ((fit.low <= true) & (true <= fit.high)).all()
