"""Hours until the first response to tickets, as they were logged last."""

from scoring.vectorised.factor_columns import LOGGED_NUMBER

COLUMNS = LOGGED_NUMBER
