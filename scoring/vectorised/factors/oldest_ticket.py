"""Days the oldest open ticket has been open, in hundredths."""

import numpy as np

from scoring.engine import Factor
from scoring.engine.factors.oldest_ticket import INPUT
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import Known


def read(day: DayColumns, factor: Factor) -> Known:
    row = day.last_row(INPUT)
    # The mark is the day the ticket was opened; 0 says that none is open.
    waited = np.maximum(0, day.as_of - row["mark"]) * 100
    # A number in its place: the last ticket was deleted, so that nothing is known any more.
    is_unknown = (row["mark"] == 0) & (row["is_known"] == 1)
    return Known(np.where(row["mark"] == 0, 0, waited), day.is_fresh(row, factor) & ~is_unknown)


COLUMNS = FromColumns(read)
