"""Advisory locks of PostgreSQL, all scoped to the transaction: session locks would leak behind a pooler."""

from enum import IntEnum

from django.db import connection

from core.db import direct


class Space(IntEnum):
    """What a lock's number counts; the two-integer form keeps the spaces apart."""

    DAY = 1
    IDENTITY = 2
    JOB = 3


def hold(space: Space, numbers: list[int], *, shared: bool = False) -> None:
    """Take the locks until the transaction ends, in ascending order so that two takers cannot deadlock.

    `numbers` are 32-bit signed integers. One query.
    """
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(
            # Ordered in a subquery: the select list of one level may be evaluated before its sorting.
            f"SELECT {lock}(%s, n) FROM (SELECT DISTINCT unnest(%s::int[]) AS n ORDER BY 1) AS numbers",  # noqa: S608
            [space.value, numbers],
        )


def ask_shared(space: Space, number: int) -> None:
    """Take one lock together with others, in a pipeline (core.db.direct)."""
    direct.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [space.value, number])


def give_up_after(seconds: float) -> None:
    """Wait so long at most for each lock until the transaction ends; then OperationalError is raised. One query."""
    direct.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds * 1000:.0f}ms"])
