"""What PostgreSQL says of itself: whether it takes writes, who holds a transaction open, and for whom others wait."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction

IDLE_SECONDS = 120  # a transaction in which nothing happens
OPEN_SECONDS = 3600  # one that works: a report, a verification
WAIT_SECONDS = 3  # for a lock; pages give up after five
PASSED_OVER = ("pg_dump", "pg_basebackup")  # take what a large database takes

DISK_FULL, LIMIT_REACHED = "53100", "53400"
_REFUSES = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'"
# A sort that does not fit into so little memory is written beside the data, and fails as all writing does when the
# disk is full. It leaves nothing behind, which a row that is rolled back would: GETs write nothing.
_LITTLE = "SET LOCAL work_mem = '64kB'"
_WRITES = "SELECT count(*) FROM generate_series(1, 20000)"
_OPEN = """
    SELECT pid, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::float, query
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND xact_start < clock_timestamp() - %s * interval '1 second' AND application_name <> ALL(%s)
    ORDER BY xact_start LIMIT 20
"""
_WAITING = """
    SELECT pid, pg_blocking_pids(pid), extract(epoch FROM clock_timestamp() - coalesce(
        (SELECT min(waitstart) FROM pg_locks WHERE pg_locks.pid = one.pid AND NOT granted), query_start))::float
    FROM pg_stat_activity AS one WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_WHO = """
    SELECT pid, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::float, query
    FROM pg_stat_activity WHERE pid = %s
"""
_LITERAL = re.compile(r"['$%]|(?<![\w\"])\d")
SHOWN = 80  # characters of a query


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's conversation with the server: whom to end (`SELECT pg_terminate_backend(pid)`)."""

    pid: int
    application: str
    state: str
    open_seconds: float | None  # since its transaction began
    query: str  # its beginning, up to the first value


@dataclass(frozen=True, slots=True)
class Server:
    writes_refused: str | None  # why
    old_transaction: Session | None
    lock_holder: Session | None  # for whom most wait
    lock_waiting: int
    lock_wait_seconds: float


def read() -> Server:
    """Four or five queries, none of which waits for a lock on a table."""
    refused = writes_refused()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [IDLE_SECONDS, list(PASSED_OVER)])
        opened = [_session(row) for row in cursor.fetchall()]
        cursor.execute(_WAITING)
        waiting = {pid: (by, seconds) for pid, by, seconds in cursor.fetchall()}
        holder = most_waited_for({pid: by for pid, (by, _) in waiting.items()})
        cursor.execute(_WHO, [holder])
        rows = cursor.fetchall()
    return Server(
        writes_refused=refused,
        old_transaction=next((session for session in opened if is_old(session)), None),
        lock_holder=_session(rows[0]) if rows else None,
        lock_waiting=len(waiting),
        lock_wait_seconds=max((seconds or 0.0 for _, seconds in waiting.values()), default=0.0),
    )


def writes_refused() -> str | None:
    """Return why nothing can be written. Three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSES)
        is_copy, is_read_only = cursor.fetchone()
    if is_copy:
        return "it is a copy of another server"
    if is_read_only:
        return "it is read-only"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LITTLE)
            cursor.execute(_WRITES)
    except OperationalError as error:
        if (code := getattr(error.__cause__, "sqlstate", None)) == DISK_FULL:
            return "there is no room on its disk"
        if code != LIMIT_REACHED:  # an operator's temp_file_limit: nothing is known then
            raise
    return None


def is_old(session: Session) -> bool:
    """Tell whether a transaction has been open for too long: sooner when nothing happens in it."""
    most = IDLE_SECONDS if session.state.startswith("idle in transaction") else OPEN_SECONDS
    return (session.open_seconds or 0) > most


def most_waited_for(blocked: dict[int, Sequence[int]]) -> int | None:
    """Return who keeps most others waiting, directly or not, and waits for nobody; of several the smallest number."""
    counts: dict[int, int] = {}
    for pid in blocked:
        for root in _roots(pid, blocked, set()):
            counts[root] = counts.get(root, 0) + 1
    return min(counts, key=lambda root: (-counts[root], root), default=None)


def _roots(pid: int, blocked: dict[int, Sequence[int]], seen: set[int]) -> set[int]:
    if pid in seen:
        return set()
    if pid not in blocked:
        return {pid}
    return set().union(*(_roots(other, blocked, seen | {pid}) for other in blocked[pid]))


def _session(row: Sequence[Any]) -> Session:
    pid, application, state, seconds, query = row
    return Session(pid, application or "", state or "", seconds, beginning(query or ""))


def beginning(query: str) -> str:
    """Return the query up to its first value: what follows may be somebody's name."""
    words = " ".join(query.split())
    value = _LITERAL.search(words)
    shown = words[: value.start()] if value else words
    return shown[:SHOWN] + ("…" if len(shown) < len(words) or len(shown) > SHOWN else "")
