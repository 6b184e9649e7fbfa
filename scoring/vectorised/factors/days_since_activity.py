"""Days since the customer last did anything, in hundredths; unknown for those that never did."""

from scoring.engine import Factor
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import Known


def read(day: DayColumns, factor: Factor) -> Known:
    return day.days_since(day.columns.last_active_day)


COLUMNS = FromColumns(read, is_derived=True)
