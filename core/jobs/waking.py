"""Wake workers: who left something to do rings, so that it is done at once and not at the next sweep.

What there is to do stands in PostgreSQL, and sweeps find it without any bell (engagement_site/celery.py): a bell that
is lost costs half a minute. So `wake` never raises and never waits, whatever Redis does. A thread of this process
rings, at most five times a second; while Redis does not answer, it tries again after a pause.
"""

import os
import threading
import time

import redis
from django.conf import settings
from django.db import transaction

BELLS = "rapport:bells"  # a list of names of tasks; engagement_site/running/ringing.py listens
MOST_BELLS = 200  # further ones push the oldest out: the same names come again and again
KEPT_SECONDS = 60
SHORTEST = 0.2  # seconds between two rings of a process
PAUSE = 5.0  # seconds without a further try when Redis does not answer
TIMEOUT = 1.0


def wake(*tasks: str) -> None:
    """Have a worker run these tasks now, by their names. For doors, after their commit."""
    if tasks and settings.WAKES_WORKERS:
        _ringer().note(tasks)


def after_commit(*tasks: str) -> None:
    """Have a worker run these tasks once the current transaction is committed; at once outside of one."""
    if tasks and settings.WAKES_WORKERS:
        transaction.on_commit(lambda: wake(*tasks))


class Ringer:
    """The names to ring for, and the thread that does."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._names: set[str] = set()
        self._lock = threading.Lock()
        self._asked = threading.Event()
        threading.Thread(target=self._ring_for_ever, daemon=True, name="rings for workers").start()

    def note(self, names: tuple[str, ...]) -> None:
        with self._lock:
            self._names.update(names)
        self._asked.set()

    def _ring_for_ever(self) -> None:
        url = str(settings.REDIS_URL).replace("redis+socket://", "unix://")
        with redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT, retry=None) as client:
            while self._asked.wait():
                time.sleep(SHORTEST if self._rings(client) else PAUSE)

    def _rings(self, client: redis.Redis) -> bool:
        """Ring for all that was noted; what could not be rung for stays noted."""
        self._asked.clear()
        with self._lock:
            names, self._names = self._names, set()
        try:
            with client.pipeline(transaction=False) as bells:
                bells.rpush(BELLS, *sorted(names))
                bells.ltrim(BELLS, -MOST_BELLS, -1)
                bells.expire(BELLS, KEPT_SECONDS)
                bells.execute()
        except (redis.RedisError, OSError):
            self.note(tuple(names))
            return False
        return True


_lock = threading.Lock()
_one: Ringer | None = None


def _ringer() -> Ringer:
    """Return this process's ringer: a thread does not come along when a process forks."""
    global _one
    with _lock:
        if _one is None or _one.process != os.getpid():
            _one = Ringer()
        return _one
