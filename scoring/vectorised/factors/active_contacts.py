"""The share of a customer's contacts that was active in a period, in hundredths of a per cent."""

import numpy as np

from scoring.engine import Factor
from scoring.engine.factors.active_contacts import INPUT
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns
from scoring.vectorised.shapes import Known


def read(day: DayColumns, factor: Factor) -> Known:
    contacts, known = day.number(INPUT, factor)
    # Contacts who have left since count as active but not as contacts, so the share is held at 100 %.
    share = np.minimum(10_000, day.active_contacts(factor.days) * 10_000 // np.maximum(contacts // 100, 1))
    return Known(share, known & (contacts >= 100))


COLUMNS = FromColumns(read)
