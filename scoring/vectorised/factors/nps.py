"""The last answer to the recommendation question, 0 to 10, as it was logged last."""

from scoring.vectorised.factor_columns import LOGGED_NUMBER

COLUMNS = LOGGED_NUMBER
