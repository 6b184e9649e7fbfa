"""A colleague's judgement: 0 red, 50 yellow, 100 green."""

from scoring.engine.factor_definition import logged_number

DEFINITION = logged_number("pulse")
