"""Beat: rings for every task in its time, and at once for those that somebody asked for (core/jobs/waking.py).

    python -m engagement_site.running.ringing

A loop of our own in place of celery's: it listens between two rings, keeps no file that a full disk could spoil, and
can live as a thread beside a worker, in a process that is there anyway. Two of them do no harm: what is due is rows.
"""

import logging
import logging.config
import threading
import time
from collections.abc import Iterator

import redis
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from core.jobs.waking import BELLS, MOST_BELLS

logger = logging.getLogger("celery.beat")

LONGEST_WAIT = 5.0  # seconds: a server that was stopped and goes on is noticed then
SHORTEST = 0.5  # seconds between two messages for one task, however often it is asked for
PAUSE = 2.0  # seconds between two tries of a Redis that is gone
GONE = (redis.RedisError, OperationalError, OSError)


class Rings:
    """When each task is rung for next; times are of a clock that only goes on."""

    def __init__(self, every: dict[str, float], now: float) -> None:
        self.every = every
        self._next = dict.fromkeys(every, now)
        self._last = dict.fromkeys(every, now - SHORTEST)

    def ask(self, name: str, now: float) -> None:
        """Bring a task forward; names that nobody knows are passed over."""
        if name in self.every:
            self._next[name] = min(self._next[name], max(now, self._last[name] + SHORTEST))

    def due(self, now: float) -> Iterator[str]:
        """Yield the tasks whose time has come; each is then due again after its interval."""
        for name, at in list(self._next.items()):
            if at <= now:
                self._last[name], self._next[name] = now, now + self.every[name]
                yield name

    def wait(self, now: float) -> float:
        """Return the seconds until the next is due, LONGEST_WAIT at most."""
        return min(LONGEST_WAIT, max(0.01, min(self._next.values()) - now))


def ring_for_ever(app: Celery) -> None:
    entries = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    rings = Rings({name: float(entry["schedule"]) for name, entry in entries.items()}, time.monotonic())
    url = str(settings.REDIS_URL).replace("redis+socket://", "unix://")
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=LONGEST_WAIT + 2, retry=None)
    while True:
        try:
            for name in heard(client, rings.wait(time.monotonic())):
                rings.ask(name, time.monotonic())
            for name in rings.due(time.monotonic()):
                app.send_task(name, retry=False, **entries[name]["options"])
        except GONE as error:
            logger.error("Redis does not answer: %s", error, exc_info=error)
            rest(rings)
        except Exception:
            # A thread that ends is started again by nobody.
            logger.exception("Beat failed and goes on")
            rest(rings)


def rest(rings: Rings) -> None:
    """Pause, and have every task rung for afterwards: nobody knows which messages arrived."""
    time.sleep(PAUSE)
    for name in rings.every:
        rings.ask(name, time.monotonic())


def heard(client: redis.Redis, seconds: float) -> set[str]:
    """Wait for a bell so long at most; return the names of all that rang."""
    first = client.blpop([BELLS], timeout=seconds)
    if first is None:
        return set()
    rest = client.lpop(BELLS, MOST_BELLS) or []
    return {name.decode(errors="replace") for name in (first[1], *rest)}


def begin_beside(app: Celery) -> None:
    """Ring from a thread of this process, for as long as it lives."""
    threading.Thread(target=ring_for_ever, args=[app], daemon=True, name="beat").start()


def main() -> None:
    from engagement_site.celery import app

    logging.config.dictConfig(settings.LOGGING)
    ring_for_ever(app)


if __name__ == "__main__":
    main()
