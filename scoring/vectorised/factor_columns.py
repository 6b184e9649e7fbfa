"""How a health factor is read from columns; each file of `scoring.vectorised.factors` holds one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.engine import Factor, log_name
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.shapes import Facts, Known


@dataclass(frozen=True, slots=True)
class FromColumns:
    """A factor that is read when the day's facts are gathered, whatever points the model gives.

    `is_derived`: it follows from the counts alone, which are in the digest of the inputs already.
    """

    read: Callable[[DayColumns, Factor], Known]
    is_derived: bool = False

    def digested(self, facts: Facts, points: np.ndarray, factor: Factor) -> list[np.ndarray]:
        """Return the columns that the digest of the inputs holds for the factor."""
        if self.is_derived:
            return []
        value, known = facts.inputs[factor.key]
        return [np.where(known, value, 0), known]


@dataclass(frozen=True, slots=True)
class FromEngagement:
    """A factor that is read from engagement, hence only when the facts are judged with a model's points."""

    read: Callable[[Facts, Known, np.ndarray, Factor], Known]
    digested: Callable[[Facts, np.ndarray, Factor], list[np.ndarray]]


FactorColumns = FromColumns | FromEngagement


def _read_logged(day: DayColumns, factor: Factor) -> Known:
    name = log_name(factor)
    assert name is not None, f"{factor.kind} declares no input_name"
    return day.number(name, factor)


# The last number of the log as it is, unless that is too old.
LOGGED_NUMBER = FromColumns(_read_logged)
