"""Logistic regression by Newton's method (iteratively reweighted least squares), with NumPy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 50
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients with their standard errors; the first is the intercept."""

    coefficients: NDArray[np.float64]
    errors: NDArray[np.float64]


class DoesNotConverge(Exception):
    """The data separates perfectly, columns depend on one another, or nothing happened at all."""


def logistic(inputs: NDArray[np.float64], happened: NDArray[np.bool_]) -> Fit:
    """Fit log-odds = intercept + inputs · coefficients, `inputs` (rows, columns). Raises DoesNotConverge."""
    rows = np.column_stack([np.ones(len(inputs)), inputs])
    found = np.zeros(rows.shape[1])
    for _ in range(_MOST_STEPS):
        chance = 1 / (1 + np.exp(-(rows @ found)))
        information = (rows * (chance * (1 - chance))[:, None]).T @ rows
        try:
            step = np.linalg.solve(information, rows.T @ (happened - chance))
        except np.linalg.LinAlgError as singular:
            raise DoesNotConverge from singular
        found = found + step
        if np.abs(step).max() < _CLOSE:
            return Fit(found, np.sqrt(np.diag(np.linalg.inv(information))))
    raise DoesNotConverge
