"""Questions with a deadline: whatever hangs, whoever asked gets an answer.

Redis, the disks and the front are asked in threads that are left behind when they hang, one for each question.
PostgreSQL is asked in the caller's own thread, on its own connection; what hangs there is cut off at the socket.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")
PING_SECONDS = 1.0
CONNECT_SECONDS = 2  # psycopg waits no less
READ_SECONDS = 2.5


class Asked(Generic[T]):
    """A question put to a thread. One that hangs is not put again until it comes back: threads must not pile up."""

    _running: dict[str, threading.Thread] = {}
    _lock = threading.Lock()

    def __init__(self, name: str, ask: Callable[[], T]) -> None:
        self._answer: list[T] = []
        self._ask = ask
        with self._lock:
            self._thread = self._running.get(name)
            if self._thread is None or not self._thread.is_alive():
                self._thread = self._running[name] = threading.Thread(target=self._run, daemon=True, name=name)
                self._thread.start()

    def _run(self) -> None:
        self._answer.append(self._ask())

    def within(self, seconds: float, otherwise: T) -> T:
        """Return the answer if it comes so soon; what the question raised counts as none."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._answer[0] if self._answer else otherwise


def database_trouble() -> str:
    """Return why the database cannot be asked, "" when it answers. Takes 3.5 seconds at most."""
    if connection.connection is not None:
        with cut_off(PING_SECONDS), suppress(psycopg.Error, OSError):
            connection.connection.execute("SELECT 1")
            return ""
        if connection.in_atomic_block:
            return "it does not answer"
        with suppress(Error):
            connection.close()
    # Apart first: Django's own connecting may take longer, and cannot be cut off while it has no socket.
    return Asked("database", _connects).within(CONNECT_SECONDS + 0.5, "it does not answer")


def _connects() -> str:
    try:
        with psycopg.connect(**connection.get_connection_params() | {"connect_timeout": CONNECT_SECONDS}):
            return ""
    except (psycopg.Error, DatabaseError, OSError) as error:
        # The first line says where and why; what follows asks whether the server is running.
        return (str(error).strip().splitlines() or ["it does not answer"])[0]


@contextmanager
def unless_done(seconds: float, act: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Act, in a thread of its own, when the block takes longer."""
    timer = threading.Timer(seconds, act, arguments)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def cut_off(seconds: float) -> Iterator[None]:
    """End the block's talk with the database after so long: what waits for an answer raises OperationalError."""
    # By its alias, `connection` would be the timer's own.
    with unless_done(seconds, _shut, connections[DEFAULT_DB_ALIAS]):
        yield


def _shut(asked: BaseDatabaseWrapper) -> None:
    """Shut the socket. Another thread waits on it: closing it could hand its number to somebody else."""
    with suppress(psycopg.Error, OSError, AttributeError), socket.socket(fileno=_copy_of_line(asked)) as line:
        line.shutdown(socket.SHUT_RDWR)


def _copy_of_line(asked: BaseDatabaseWrapper) -> int:
    return os.dup(asked.connection.fileno())
