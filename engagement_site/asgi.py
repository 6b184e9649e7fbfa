"""The ASGI application of the web server."""

import asyncio
import os
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from engagement_site.health import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
processes.count_together(settings.METRICS_DIR)
django = get_wsgi_application()

from django.db import connection  # noqa: E402 (when Django is set up)
from django.utils import timezone  # noqa: E402

from engagement_site.front.application import Front  # noqa: E402
from engagement_site.front.behind import Behind  # noqa: E402
from engagement_site.health import counting  # noqa: E402
from events import ingest, write_keys  # noqa: E402
from events.door.application import Door  # noqa: E402
from events.door.commits import Commits  # noqa: E402
from events.door.keys import Keys  # noqa: E402
from events.models import Source  # noqa: E402

WORKING = 2  # pages at once: more of them would only share the processor
THREADS = 8  # for pages that wait
APART = 2  # for events of people whom others are changing


def _in(pool: ThreadPoolExecutor, act: Callable[..., Any]) -> Callable[..., Any]:
    """Return the act as one to be awaited, done by a thread of the pool with a usable connection."""

    def done(*arguments: Any) -> Any:
        connection.close_if_unusable_or_obsolete()
        return act(*arguments)

    async def run(*arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, done, *arguments)

    return run


def _store(parcels: Sequence[ingest.Parcel], now: datetime, patience: float, skip_busy: bool) -> None:
    ingest.store(parcels, now=now, patience=patience, skip_busy=skip_busy)


def _find(key: str) -> Source | None:
    return write_keys.source_of(key, now=timezone.now())


def made() -> Front:
    together, apart = _in(ThreadPoolExecutor(1, "commits"), _store), _in(ThreadPoolExecutor(APART, "apart"), _store)

    async def store(parcels: Sequence[ingest.Parcel], now: datetime, patience: float, skip_busy: bool) -> None:
        await (together if skip_busy else apart)(parcels, now, patience, skip_busy)

    commits = Commits(store, wake=lambda: None)
    door = Door(Keys(_in(ThreadPoolExecutor(1, "keys"), _find)), commits.commit)
    pages, health = Behind(django, working=WORKING, threads=THREADS), Behind(django, working=1, threads=2)
    return Front(door, pages, health, hosts=lambda: settings.ALLOWED_HOSTS, count=counting.note)


def _allow_many_sockets() -> None:
    """Use all the files that the system allows: each idle client holds one."""
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if least != most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


_allow_many_sockets()
application = made()
