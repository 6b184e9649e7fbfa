"""All that can be read about the installation, each part for itself: what hangs leaves the others to be read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, ProgrammingError, connection, transaction

from engagement_site.health import machine, probing, progress, server
from engagement_site.health.machine import Machine
from engagement_site.health.progress import Progress
from engagement_site.health.server import Server

T = TypeVar("T")
STATEMENT, LOCK = "2s", "500ms"  # for each question to the tables


@dataclass(frozen=True, slots=True)
class Facts:
    """`server` and `progress` are None where the database did not say."""

    database_trouble: str  # why it cannot be asked; "" when it can
    machine: Machine
    server: Server | None
    progress: Progress | None
    is_prepared: bool = True  # whether the tables are there

    def flat(self) -> dict[str, Any]:
        """Return every figure by its name, None for what is unknown."""
        parts = ((Machine, self.machine), (Server, self.server), (Progress, self.progress))
        unknown = {field.name: None for kind, _ in parts for field in fields(kind)}
        return unknown | {name: value for _, part in parts if part for name, value in asdict(part).items()}


def read(*, now: datetime, ask_front: bool = False) -> Facts:
    """Read everything within the deadlines of `probing`, whatever hangs. Some twenty queries."""
    around = machine.read(ask_front=ask_front)
    trouble = probing.database_trouble()
    if trouble:
        return Facts(trouble, around, None, None)
    with probing.cut_off(probing.READ_SECONDS):
        told = _tried(server.read)
        try:
            return Facts("", around, told, _tried(lambda: progress.read(now=now)))
        except ProgrammingError:  # no such table or column
            return Facts("", around, told, None, is_prepared=False)


def _tried(ask: Callable[[], T]) -> T | None:
    try:
        with impatiently():
            return ask()
    except ProgrammingError:
        raise
    except (DatabaseError, InterfaceError):
        return None


@contextmanager
def impatiently() -> Iterator[None]:
    """Let no statement of the block wait or work for long: a table that somebody locks must not silence the rest."""
    was_inside = connection.in_atomic_block
    with transaction.atomic():
        before = _set(STATEMENT, LOCK)
        yield
        if was_inside:
            _set(*before)


def _set(statement: str, lock: str) -> tuple[str, str]:
    """Set both limits until the transaction ends; return what they were. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
            " set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)",
            [statement, lock],
        )
        return cursor.fetchone()[:2]
