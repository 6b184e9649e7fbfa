"""A numeric attribute of the customer; the factor's name says which."""

from scoring.engine.factor_definition import logged_number

DEFINITION = logged_number("attribute:{name}")
