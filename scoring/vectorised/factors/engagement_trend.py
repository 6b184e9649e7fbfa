"""How many points engagement gained or lost in a period, in hundredths."""

import numpy as np

from scoring.engine import Factor
from scoring.vectorised.factor_columns import FromEngagement
from scoring.vectorised.shapes import Facts, Known


def read(facts: Facts, engagement: Known, points: np.ndarray, factor: Factor) -> Known:
    before, was_known = digested(facts, points, factor)
    return Known(engagement.value - before, engagement.known & was_known)


def digested(facts: Facts, points: np.ndarray, factor: Factor) -> list[np.ndarray]:
    before, _ = facts.before[factor.days].totals(points)
    # Known once the customer was known then: doing nothing is a 0, too.
    return [before, facts.days_known > factor.days]


COLUMNS = FromEngagement(read, digested)
