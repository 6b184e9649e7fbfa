"""How many tickets are open, as it was logged last."""

from scoring.vectorised.factor_columns import LOGGED_NUMBER

COLUMNS = LOGGED_NUMBER
