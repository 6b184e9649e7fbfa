"""What is overdue on invoices, in the base currency."""

from scoring.engine.factor_definition import Unit, logged_number

DEFINITION = logged_number("overdue", Unit.MONEY)
