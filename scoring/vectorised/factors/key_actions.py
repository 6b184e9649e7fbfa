"""How many different key actions a customer did in a period, in hundredths."""

import numpy as np

from scoring.engine import Factor
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import NEVER, Known


def read(day: DayColumns, factor: Factor) -> Known:
    rows = day.counts(factor.days, lambda weight: weight.is_key_action)
    different = np.unique(rows[["customer", "event_type"]])
    # 0 is known only of customers that ever did something.
    return Known(day.per_customer(different["customer"]) * 100, day.columns.last_active_day != NEVER)


COLUMNS = FromColumns(read)
