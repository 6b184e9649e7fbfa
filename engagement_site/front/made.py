"""The front put together: who stores, who looks up keys, and in which threads."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from engagement_site.front.application import Front
from engagement_site.front.behind import Behind, Wsgi
from engagement_site.health import counting
from events import ingest, write_keys
from events.door.application import Door
from events.door.commits import APART, Commits, Pace
from events.door.keys import REMEMBERED_SECONDS, Keys
from events.models import Source

WORKING = 2  # pages at once: more of them would only share the processor
THREADS = 8  # for pages that wait

Act = Callable[..., Any]
Threads = Callable[[int, str, Act], Callable[..., Awaitable[Any]]]  # how many, their name, what they do


def front(
    django: Wsgi, threads: Threads, *, remember: float = REMEMBERED_SECONDS, started: Callable[[], None] | None = None
) -> Front:
    """Return the front before `django`.

    `remember` is how many seconds a key is remembered. `started` is called with the first request: the server listens.
    """
    met = ingest.Met()

    def stored(parcels: Sequence[ingest.Parcel], now: datetime, pace: Pace) -> None:
        ingest.store(parcels, now=now, patience=pace.seconds, skip_busy=pace.skips_busy, met=met)

    # Threads of their own: nobody waits behind those that are slower by nature.
    lanes = {pace: threads(APART if pace is Pace.APART else 1, pace.name.lower(), stored) for pace in Pace}

    async def store(parcels: Sequence[ingest.Parcel], now: datetime, pace: Pace) -> None:
        await lanes[pace](parcels, now, pace)

    commits = Commits(store)
    door = Door(Keys(threads(1, "keys", _find), seconds=remember), commits.commit)
    pages, health = Behind(django, working=WORKING, threads=THREADS), Behind(django, working=1, threads=2)
    return Front(door, pages, health, hosts=lambda: settings.ALLOWED_HOSTS, count=counting.note, started=started)


def pool(size: int, name: str, act: Act) -> Callable[..., Awaitable[Any]]:
    """Return the act as one to be awaited, done by threads of its own."""
    threads = ThreadPoolExecutor(size, name)

    async def run(*arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(threads, _on_a_live_connection, act, arguments)

    return run


def _on_a_live_connection(act: Act, arguments: tuple[Any, ...]) -> Any:
    """Do it again when the connection turns out to be gone: what is done is the same when it is done twice."""
    try:
        return act(*arguments)
    except (OperationalError, InterfaceError):
        # Not asked beforehand: that would cost a round trip each time.
        if connection.connection is not None and connection.is_usable():
            raise
        connection.close()
        return act(*arguments)


def _find(key: str) -> Source | None:
    return write_keys.source_of(key, now=timezone.now())
