"""Statements of the hot path: prepared, past Django's and the driver's cursors, several in one round trip.

    with direct.pipeline():
        first = direct.execute("SELECT …", [...])
        second = direct.execute("INSERT …", [...])
    first.fetchall()

Each statement still sees what was committed before it began. They run on Django's connection, so in its transaction,
and their errors are Django's. A cursor of the driver takes some 50 µs of Python for each statement; here it is ten.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection, connections
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.waiting import Ready, Wait

Parameter = str | int | date | None  # arrays as text, made by core.db.bulk; the statement casts them
_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED)
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()  # names by statement
_numbers = count()


class Answer:
    """What a statement returned; to be read once its pipeline has ended."""

    def __init__(self, statement: str, parameters: Sequence[Parameter]) -> None:
        self.statement = statement
        self.parameters = [None if value is None else str(value).encode() for value in parameters]
        self._rows: list[tuple[Any, ...]] = []
        self.rowcount = -1

    def fill(self, raw: "psycopg.Connection[Any]", result: pq.abc.PGresult) -> None:
        self.rowcount = result.ntuples or result.command_tuples or 0
        if result.ntuples:
            reader = Transformer(raw)
            reader.set_pgresult(result)
            self._rows = reader.load_rows(0, result.ntuples, tuple)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None


@contextmanager
def pipeline() -> Iterator[None]:
    """Send the statements of the block together; their answers can be read after it. One round trip."""
    wrapper: Any = connections[connection.alias]
    waiting: list[Answer] = []
    wrapper.direct_pipeline = waiting
    try:
        yield
    finally:
        del wrapper.direct_pipeline
    _run(wrapper, waiting)


def execute(statement: str, parameters: Sequence[Parameter] = ()) -> Answer:
    """Run a statement with `%s` in place of its parameters; within a pipeline, at its end."""
    answer = Answer(statement, parameters)
    wrapper: Any = connections[connection.alias]
    waiting: list[Answer] | None = getattr(wrapper, "direct_pipeline", None)
    if waiting is None:
        _run(wrapper, [answer])
    else:
        waiting.append(answer)
    return answer


def copy(statement: str, lines: bytes) -> None:
    """Run a COPY … FROM STDIN of lines in its text format."""
    wrapper: Any = connections[connection.alias]
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors, psycopg.Cursor(wrapper.connection) as cursor, cursor.copy(statement) as into:
        into.write(lines)
    if wrapper.queries_logged:
        wrapper.queries_log.append({"sql": statement, "time": "0"})


def _run(wrapper: Any, answers: Sequence[Answer]) -> None:
    if not answers:
        return
    wrapper.ensure_connection()
    raw: psycopg.Connection[Any] = wrapper.connection
    began = time.perf_counter()
    with wrapper.wrap_database_errors:
        results = _sent(raw, answers)
        for result in results:
            if result.status in _FAILED:
                raise error_from_result(result, raw.info.encoding)
    for answer, result in zip(answers, results, strict=True):
        answer.fill(raw, result)
    if wrapper.queries_logged:
        spent = f"{time.perf_counter() - began:.3f}"
        wrapper.queries_log.extend({"sql": answer.statement, "time": spent} for answer in answers)


def _sent(raw: "psycopg.Connection[Any]", answers: Sequence[Answer]) -> list[pq.abc.PGresult]:
    """Send statements, each prepared before it first runs on the connection, and return their results."""
    server, prepared = raw.pgconn, _prepared.setdefault(raw, {})
    is_begun = raw.autocommit or server.transaction_status != pq.TransactionStatus.IDLE
    fresh: dict[str, bytes] = {}
    beside: list[int] = []  # where results stand that belong to none of the answers
    with raw.lock:
        server.enter_pipeline_mode()
        try:
            if not is_begun:
                server.send_query_params(b"BEGIN", None)
                beside.append(0)
            for place, answer in enumerate(answers):
                name = prepared.get(answer.statement) or fresh.get(answer.statement)
                if name is None:
                    # Another name each time: one whose statement failed may be taken, or not.
                    name = fresh[answer.statement] = f"direct_{next(_numbers)}".encode()
                    server.send_prepare(name, _with_numbers(answer.statement))
                    beside.append(place + len(beside))
                server.send_query_prepared(name, answer.parameters)
            server.pipeline_sync()
            results: list[pq.abc.PGresult] = raw.wait(_exchanged(server))
        finally:
            if server.pipeline_status and server.status == pq.ConnStatus.OK:
                server.exit_pipeline_mode()
    if any(result.status in _FAILED for result in results):
        return results
    prepared.update(fresh)
    return [result for place, result in enumerate(results) if place not in beside] if beside else results


def _exchanged(server: pq.abc.PGconn) -> Any:
    """Write what waits to be sent and read until the end of the pipeline: a generator for the driver's `wait`."""
    results: list[pq.abc.PGresult] = []
    while server.flush():
        ready = yield Wait.RW
        if ready & Ready.R:
            server.consume_input()
    while True:
        while not server.is_busy():
            result = server.get_result()
            if result is None:
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return results
            results.append(result)
        yield Wait.R
        server.consume_input()


@cache
def _with_numbers(statement: str) -> bytes:
    """Return the statement with $1, $2, … in place of %s, as the protocol has it."""
    first, *rest = statement.split("%s")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))).encode()
