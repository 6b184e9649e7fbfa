"""Hours until the first response to tickets."""

from scoring.engine.factor_definition import Unit, logged_number

DEFINITION = logged_number("first_response_wait", Unit.HOURS)
