"""The mean value of a customer's purchases in a period, in hundredths; unknown without a purchase."""

import numpy as np

from scoring.engine import Factor
from scoring.vectorised.day_columns import DayColumns, rounded
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import Known


def read(day: DayColumns, factor: Factor) -> Known:
    count, value = day.purchases(factor.days)
    # Values are thousandths, inputs hundredths: hence the 10.
    return Known(rounded(value, 10 * np.maximum(count, 1)), count > 0)


COLUMNS = FromColumns(read)
