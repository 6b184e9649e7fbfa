"""Statements that are given up sooner than the process's own limit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg import errors


class TookTooLong(Exception):
    """A statement was given up."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Give up each statement within that takes longer, raising TookTooLong; what was written is undone."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{round(seconds * 1_000)}ms"])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            raise TookTooLong from error
        raise
