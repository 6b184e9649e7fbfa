"""So many requests a minute for each key and each colleague, counted in Redis; open when Redis does not answer.

It keeps one integration's mistake from slowing the others down; what must hold whatever happens is elsewhere
(wrong keys: staff/guesses.py).
"""

import logging
import time
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from engagement_site.api.authentication import asker
from staff.models import User

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds


class PerAsker(BaseThrottle):
    """A fixed window of a minute. `view.limits` are the headers of every answer.

    Strangers are not counted: they get their 401 without any work, and must not use up one another's minute.
    """

    remaining = reset = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return True
        limit = settings.API_REQUESTS_PER_MINUTE
        now = int(time.time())
        self.reset = WINDOW - now % WINDOW
        count = _count(f"api:{connection.settings_dict['NAME']}:{asker(request)}:{now // WINDOW}")
        if count is None:
            return True
        view.limits = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, limit - count)),
            "RateLimit-Reset": str(self.reset),
        }
        return count <= limit

    def wait(self) -> float:
        return self.reset


def _count(name: str) -> int | None:
    """Count one more; None when Redis does not answer."""
    try:
        with _redis().pipeline(transaction=False) as pipe:
            pipe.incr(name)
            pipe.expire(name, 2 * WINDOW)
            return int(pipe.execute()[0])
    except redis.RedisError:
        logger.warning("Redis does not answer; requests to the API are not limited")
        return None


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2)
