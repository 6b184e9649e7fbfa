"""Days since a colleague last reached the customer, in hundredths; unknown where none ever did."""

from scoring.engine import Factor
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import Known


def read(day: DayColumns, factor: Factor) -> Known:
    return day.days_since(day.columns.last_touch_day)


COLUMNS = FromColumns(read)
