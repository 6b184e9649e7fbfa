"""How often somebody came within a minute, counted in Redis. Redis may go: then nobody is counted.

It keeps one visitor's mistake from slowing the others down; what must hold whatever happens is counted in PostgreSQL
(wrong keys: staff/guesses.py).
"""

import logging
from functools import cache

import redis
from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds


def count(name: str, *, second: int) -> int | None:
    """Count one more in the minute of `second` (since 1970); return how many. None when Redis does not answer."""
    key = f"{name}:{connection.settings_dict['NAME']}:{second // WINDOW}"
    try:
        # One round trip for both commands.
        with _redis().pipeline(transaction=False) as pipe:
            pipe.incr(key)
            # Longer than the minute, or a counter might expire while it is in use.
            pipe.expire(key, 2 * WINDOW)
            return int(pipe.execute()[0])
    except redis.RedisError:
        logger.warning("Redis does not answer; requests are not limited")
        return None


def reset(second: int) -> int:
    """Return how many seconds the minute of `second` still lasts."""
    return WINDOW - second % WINDOW


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2)
