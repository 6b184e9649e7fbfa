"""The last answer to the recommendation question, 0 to 10."""

from scoring.engine.factor_definition import logged_number

DEFINITION = logged_number("nps")
