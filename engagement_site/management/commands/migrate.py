import time
from contextlib import suppress
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations import Migration

LOCK_SECONDS = 2
PAUSES = (1, 2, 4, 8, 15, 30, 60)  # seconds between tries
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
OLDEST = """
    SELECT pid, extract(epoch FROM now() - xact_start)::int FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    ORDER BY xact_start LIMIT 1
"""


class Command(Migrate):
    """Django's own, but a migration waits no longer than LOCK_SECONDS for a lock, and is then tried again.

    While a migration waits for a table, everybody who comes later waits behind it: a long-running query would make the
    whole of Rapport stand still. A migration given up half-way is rolled back whole, so trying again is harmless.
    """

    running: Migration | None = None

    def handle(self, *args: Any, **options: Any) -> None:
        before = _limits()
        try:
            for number, pause in enumerate((*PAUSES, None), start=1):
                try:
                    super().handle(*args, **options)
                    return
                except OperationalError as error:
                    if getattr(error.__cause__, "sqlstate", None) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                        raise
                    self._wait_or_give_up(number, pause, error)
        finally:
            with suppress(DatabaseError):  # what happened is told by the first error
                _set_limits(*before)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action in ("apply_start", "unapply_start"):
            self.running = migration
            # One without a transaction makes indexes beside everything else: it waits for others, and nobody for it.
            _set_limits(f"{LOCK_SECONDS}s" if migration.atomic else "0", "0")
        else:
            self.running = None
        super().migration_progress_callback(action, migration, fake)

    def _wait_or_give_up(self, number: int, pause: int | None, error: OperationalError) -> None:
        what = f"Migration {self.running}" if self.running else "What belongs to the migrations"
        if pause is None:
            raise CommandError(
                f"{what} did not get its locks in {number} tries; nothing of it was done, and what "
                f"came before it stays. {_who()} End that, or stop web, worker and beat; then run this again."
            ) from error
        self.stderr.write(
            f"{what} did not get its locks within {LOCK_SECONDS} s. {_who()} "
            f"Try {number + 1} of {len(PAUSES) + 1} in {pause} s ..."
        )
        time.sleep(pause)


def _limits() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        lock, statement = cursor.fetchone()
    return lock, statement


def _set_limits(lock: str, statement: str) -> None:
    """Set how long this session waits for a lock and works on a statement; "0" is without end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)",
            [lock, statement],
        )


def _who() -> str:
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        oldest = cursor.fetchone()
    if oldest is None:
        return "No other transaction is open now."
    return f"The oldest open transaction, {oldest[1]} s old, is of process {oldest[0]} (pg_stat_activity)."
