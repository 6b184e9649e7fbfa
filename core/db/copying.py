"""COPY into a table. It goes past Django's cursor, so its errors are turned into Django's here, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import Copy


@contextmanager
def into(statement: str) -> Iterator[Copy]:
    """Run `COPY … FROM STDIN`, and give what rows are written to. Raises Django's errors. One query."""
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy
