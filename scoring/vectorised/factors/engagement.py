"""The engagement score itself, in hundredths of a point."""

import numpy as np

from scoring.engine import Factor
from scoring.vectorised.factor_columns import FromEngagement
from scoring.vectorised.shapes import Facts, Known


def read(facts: Facts, engagement: Known, points: np.ndarray, factor: Factor) -> Known:
    return engagement


# The counts that make engagement are in the digest themselves.
COLUMNS = FromEngagement(read, digested=lambda facts, points, factor: [])
