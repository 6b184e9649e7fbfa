"""How monthly revenue changed in a period, in hundredths of a per cent."""

import numpy as np

from scoring.engine import INPUT_LIMIT, Factor
from scoring.engine.factors.mrr_change import INPUT
from scoring.vectorised.day_columns import DayColumns, rounded
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import Known


def read(day: DayColumns, factor: Factor) -> Known:
    row, before = day.last_row(INPUT), day.last_row(INPUT, days_before=factor.days)
    # The mark is the currency: between two, a difference means nothing.
    comparable = (before["is_known"] == 1) & (before["mark"] == row["mark"]) & (before["number"] > 0)
    then = np.clip(before["number"], 1, INPUT_LIMIT)
    now = np.clip(row["number"], -INPUT_LIMIT, INPUT_LIMIT)
    return Known(rounded((now - then) * 10_000, then), comparable & day.has_number(row, factor))


COLUMNS = FromColumns(read)
