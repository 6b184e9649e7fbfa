"""What merging and erasing do to the rows that hang on a customer or a contact.

A customer's verbs must reach apps above `customers/` without importing them: they walk the related objects,
and every related model says here what is to be done with its rows. A model that says nothing fails a test.
"""

from enum import StrEnum


class OnMerge(StrEnum):
    """What becomes of the rows of the customer that is merged into another."""

    MOVE = "move"  # deleted here and inserted there, for tables whose key contains the customer
    STEP = "step"  # by a step of its app, which withdraws and tells what the row tells (customers.curation)
    REPOINT = "repoint"  # look-up tables outside the distribution: the reference changes
    WITHDRAW = "withdraw"  # withdrawn here and told again there, by a row of its own
    FOLLOW = "follow"  # written with the events they count
    DROP = "drop"  # derived: computed again
    KEEP = "keep"  # a record of what was done: stays as it is


class OnErase(StrEnum):
    """What becomes of the rows when a person is erased."""

    ANONYMISE = "anonymise"  # what identifies goes; customer, type, time and value stay
    DELETE = "delete"
    KEEP = "keep"  # holds nothing about a person
