"""What is overdue on invoices, in the base currency, as it was logged last."""

from scoring.vectorised.factor_columns import LOGGED_NUMBER

COLUMNS = LOGGED_NUMBER
