"""The last effort answer (CES 2.0), 1 to 7; 7 is easy."""

from scoring.engine.factor_definition import logged_number

DEFINITION = logged_number("effort")
