"""How many purchases a customer made in a period, in hundredths."""

from scoring.engine import Factor
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import NEVER, Known


def read(day: DayColumns, factor: Factor) -> Known:
    count, _ = day.purchases(factor.days)
    return Known(count * 100, day.columns.last_active_day != NEVER)


COLUMNS = FromColumns(read)
