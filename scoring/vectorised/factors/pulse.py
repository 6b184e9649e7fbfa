"""A colleague's judgement, 0, 50 or 100, as it was logged last."""

from scoring.vectorised.factor_columns import LOGGED_NUMBER

COLUMNS = LOGGED_NUMBER
