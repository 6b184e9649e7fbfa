"""Faults planted in the processes that bench.crash starts, to see that it finds them. The product knows nothing of it.

The bench names one in BENCH_PLANT; `start` and `front` beside this file read it, and run the product so changed.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

VARIABLE = "BENCH_PLANT"
PLANTS = ("answer-before-commit", "no-dedupe", "lost-wal")

# What was committed stays in PostgreSQL's memory for seconds, and goes with it.
LOST_WAL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "wal_writer_delay": "10s",
    "wal_writer_flush_after": "1GB",
    "wal_buffers": "64MB",
}


def in_servers(plant: str) -> None:
    """Change what this process, which starts the servers, starts."""
    from engagement_site.embedded import postgresql

    if plant == "lost-wal":
        postgresql.SETTINGS.update(LOST_WAL)


def in_front(plant: str) -> None:
    """Change this process, a worker of the web server."""
    if plant == "answer-before-commit":
        _answer_before_commit()
    elif plant == "no-dedupe":
        _store_repeats()


def _answer_before_commit() -> None:
    from events.door.commits import Commits

    commit: Callable[..., Any] = Commits.commit
    running: set[asyncio.Task[None]] = set()

    def forget(task: "asyncio.Task[None]") -> None:
        running.discard(task)
        if not task.cancelled():
            task.exception()  # nobody is told of it

    async def begin(self: Commits, parcel: object, now: datetime) -> None:
        task = asyncio.get_running_loop().create_task(commit(self, parcel, now))
        running.add(task)
        task.add_done_callback(forget)

    setattr(Commits, "commit", begin)  # noqa: B010 (mypy accepts no other way)


def _store_repeats() -> None:
    from events.ingest import opening

    setattr(opening, "_fresh", lambda first, _seen: [*first.values()])  # noqa: B010
