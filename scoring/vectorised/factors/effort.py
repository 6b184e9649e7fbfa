"""The last effort answer (CES 2.0), 1 to 7, as it was logged last."""

from scoring.vectorised.factor_columns import LOGGED_NUMBER

COLUMNS = LOGGED_NUMBER
