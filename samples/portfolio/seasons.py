"""Seasons of the year and the week: multipliers of a day's rate, 1 on average over working days of the year."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


class Rhythm(StrEnum):
    WORK = "work"  # what people do at their desks: quiet weekends, summer, end of the year
    MAIL = "mail"  # campaigns leave from Tuesday to Thursday
    LEISURE = "leisure"  # reading and sharing, at weekends too
    EVEN = "even"  # what machines do


# Monday to Sunday; each adds up to 7.
WEEK: dict[Rhythm, tuple[float, ...]] = {
    Rhythm.WORK: (1.35, 1.50, 1.45, 1.35, 1.05, 0.18, 0.12),
    Rhythm.MAIL: (0.70, 2.00, 1.80, 1.90, 0.50, 0.05, 0.05),
    Rhythm.LEISURE: (1.05, 1.05, 1.05, 1.05, 1.00, 0.90, 0.90),
    Rhythm.EVEN: (1.0,) * 7,
}
# January to December
YEAR: dict[Rhythm, tuple[float, ...]] = {
    Rhythm.WORK: (1.00, 1.06, 1.10, 1.02, 1.02, 1.03, 0.84, 0.72, 1.10, 1.16, 1.12, 0.83),
    Rhythm.MAIL: (0.95, 1.00, 1.05, 1.00, 1.00, 0.95, 0.75, 0.70, 1.15, 1.15, 1.30, 1.00),
    Rhythm.LEISURE: (1.05, 1.00, 1.00, 1.00, 1.00, 0.95, 0.95, 0.95, 1.00, 1.00, 1.05, 1.05),
    Rhythm.EVEN: (1.0,) * 12,
}


@lru_cache(maxsize=8)
def beats(first_day: date, days: int) -> Mapping[Rhythm, NDArray[np.float64]]:
    """Return for each rhythm the multiplier of every day."""
    calendar = [first_day + timedelta(days=number) for number in range(days)]
    return {
        rhythm: np.array([WEEK[rhythm][day.weekday()] * YEAR[rhythm][day.month - 1] for day in calendar])
        for rhythm in Rhythm
    }
