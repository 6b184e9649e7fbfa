"""Weights that would have foretold the outcome: a penalised logistic regression with limits on signs. Pure NumPy.

log-odds of the outcome = intercept + Σ coefficient × decayed sum of an event type. What is made largest is the
logarithm of the likelihood, less PENALTY / 2 × Σ (coefficient × standard deviation of its sum)²; the intercept is free.
Newton's method, each step cut back to the limits (Bertsekas, D. P. (1982). Projected Newton methods. SIAM J. Control
Optim. 20, 221-246). Errors by the sandwich, with the rows of each customer added up first; or by the curvature, where
that is less sure.
"""

from dataclasses import dataclass

import numpy as np

from core.intervals import Z95
from scoring.backtest.statistics import Bools, Floats, Ints

PENALTY = 1.0  # as if one more customer's evidence spoke for every weight being zero: little, but enough to settle
_MOST_STEPS = 100
_CLOSE = 1e-9


class DoesNotConverge(Exception):
    """No maximum was found; there is nothing to suggest."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One element per input; NaN errors where a limit holds the coefficient or its sum never changes."""

    intercept: float
    coefficients: Floats
    errors: Floats
    held: Bools  # at zero, by a limit on its sign
    idle: Bools  # its sum is the same in every row
    likelihood: float  # logarithm, less the penalty: to compare half-lives by

    @property
    def low(self) -> Floats:
        return self.coefficients - Z95 * self.errors

    @property
    def high(self) -> Floats:
        return self.coefficients + Z95 * self.errors


def logistic(
    sums: Floats,
    happened: Bools,
    who: Ints,
    *,
    counts_for: Floats | None = None,
    signs: Ints | None = None,
    penalty: float = PENALTY,
) -> Fit:
    """Fit the outcome to (rows, inputs) sums. Raises DoesNotConverge.

    `counts_for`: how many rows each stands for (a thinned sample). `signs`: of each coefficient 1 not below zero,
    −1 not above, 0 either.
    """
    rows, inputs = sums.shape
    counts_for = np.ones(rows) if counts_for is None else counts_for
    signs = np.zeros(inputs, dtype=np.int64) if signs is None else signs
    mean = np.average(sums, axis=0, weights=counts_for)
    spread = np.sqrt(np.average((sums - mean) ** 2, axis=0, weights=counts_for))
    idle = spread < _CLOSE
    scale = np.where(idle, 1.0, spread)
    # Standardised, so that the penalty treats all alike and the steps are well conditioned.
    z = np.column_stack([np.ones(rows), np.where(idle, 0.0, (sums - mean) / scale)])
    limits = np.concatenate([[0], np.where(idle, 0, signs)])
    maximum, likelihood = _maximum(z, happened, counts_for, limits, penalty)
    held = (limits != 0) & (maximum == 0)
    errors = _errors(z, happened, counts_for, maximum, ~held & np.concatenate([[True], ~idle]), who, penalty)
    coefficients = np.where(idle, 0.0, maximum[1:] / scale)
    return Fit(
        intercept=float(maximum[0] - (coefficients * mean).sum()),
        coefficients=coefficients,
        errors=errors[1:] / scale,
        held=held[1:],
        idle=idle,
        likelihood=likelihood,
    )


def _maximum(z: Floats, happened: Bools, counts_for: Floats, limits: Ints, penalty: float) -> tuple[Floats, float]:
    ridge = np.full(z.shape[1], penalty)
    ridge[0] = 0.0
    point = np.zeros(z.shape[1])
    share = float(np.average(happened, weights=counts_for))
    point[0] = np.log(share / (1 - share)) if 0 < share < 1 else 0.0
    value = _value(z, happened, counts_for, point, ridge)
    for _ in range(_MOST_STEPS):
        chance = _chance(z @ point)
        slope = z.T @ (counts_for * (happened - chance)) - ridge * point
        stuck = (point == 0) & (limits != 0) & (slope * limits <= 0)
        if np.abs(np.where(stuck, 0.0, slope)).max() < _CLOSE * len(z):
            return point, value
        free = np.flatnonzero(~stuck)
        curve = (z[:, free] * (counts_for * chance * (1 - chance))[:, None]).T @ z[:, free]
        # The intercept has no penalty, and its curvature vanishes where every chance is 0 or 1.
        curve[np.diag_indices_from(curve)] += ridge[free] + 1e-12
        step = np.zeros(len(point))
        step[free] = np.linalg.solve(curve, slope[free])
        point, value, moved = _stepped(z, happened, counts_for, point, step, ridge, limits, value)
        if moved < _CLOSE:
            return point, value
    raise DoesNotConverge


def _stepped(
    z: Floats,
    happened: Bools,
    counts_for: Floats,
    point: Floats,
    step: Floats,
    ridge: Floats,
    limits: Ints,
    value: float,
) -> tuple[Floats, float, float]:
    """Go along the step, cut back to the limits; half as far until it leads upward."""
    for halvings in range(40):
        tried = _within(point + step / 2**halvings, limits)
        reached = _value(z, happened, counts_for, tried, ridge)
        if reached >= value:
            return tried, reached, float(np.abs(tried - point).max())
    return point, value, 0.0


def _within(point: Floats, limits: Ints) -> Floats:
    wrong = point * limits < 0
    return np.where(wrong, 0.0, point)


def _value(z: Floats, happened: Bools, counts_for: Floats, point: Floats, ridge: Floats) -> float:
    odds = z @ point
    return float((counts_for * (happened * odds - np.logaddexp(0, odds))).sum() - (ridge * point**2).sum() / 2)


def _chance(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(odds, -700, 700)))


def _errors(
    z: Floats, happened: Bools, counts_for: Floats, maximum: Floats, free: Bools, who: Ints, penalty: float
) -> Floats:
    chance = _chance(z @ maximum)
    columns = np.flatnonzero(free)
    x = z[:, columns]
    curve = (x * (counts_for * chance * (1 - chance))[:, None]).T @ x
    curve[np.diag_indices_from(curve)] += np.where(columns == 0, 1e-12, penalty)
    _, cluster = np.unique(who, return_inverse=True)
    pulls = x * (counts_for * (happened - chance))[:, None]
    by_customer = np.column_stack([np.bincount(cluster, column) for column in pulls.T])
    clusters = len(by_customer)
    inverse = np.linalg.inv(curve)
    spread = inverse @ (by_customer.T @ by_customer) @ inverse * (clusters / max(1, clusters - 1))
    errors = np.full(z.shape[1], np.nan)
    # The sandwich believes that rare events which never met the outcome are known for sure; the curvature does not.
    errors[columns] = np.sqrt(np.maximum(np.diag(spread), np.diag(inverse)))
    return errors
