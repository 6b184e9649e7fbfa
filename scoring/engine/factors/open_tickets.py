"""How many tickets are open."""

from scoring.engine.factor_definition import Unit, logged_number

DEFINITION = logged_number("open_tickets", Unit.WHOLE_NUMBER)
