"""Statements of the hot path: prepared by the server, past Django's cursor, several in one round trip.

    with direct.pipeline():
        first = direct.execute("SELECT …", [...])
        second = direct.execute("INSERT …", [...])
    first.fetchall()

Each statement still sees what was committed before it began. They run on Django's connection, so in its transaction,
and their errors are Django's.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

PREPARE_AFTER = 3  # times the same statement is run on a connection


@contextmanager
def pipeline() -> Iterator[None]:
    """Send the statements of the block together; their results can be read after it. One round trip."""
    with connection.wrap_database_errors, _raw().pipeline():
        yield


def execute(statement: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
    """Run a statement with `%s` in place of its parameters, which travel apart from it."""
    cursor = psycopg.Cursor(_raw())
    began = time.perf_counter()
    with connection.wrap_database_errors:
        cursor.execute(statement, parameters)
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": f"{time.perf_counter() - began:.3f}"})
    return cursor


def copy(statement: str, lines: bytes) -> None:
    """Run a COPY … FROM STDIN of lines in its text format."""
    with connection.wrap_database_errors, psycopg.Cursor(_raw()) as cursor, cursor.copy(statement) as into:
        into.write(lines)
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "0"})


def _raw() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    # Django's own statements are never prepared: it puts their parameters into their text.
    raw.prepare_threshold = PREPARE_AFTER
    return raw
