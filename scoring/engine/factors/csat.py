"""The last satisfaction answer, 1 to 5."""

from scoring.engine.factor_definition import logged_number

DEFINITION = logged_number("csat")
