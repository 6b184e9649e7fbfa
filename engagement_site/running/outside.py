"""Checks that PostgreSQL and Redis run by others answer, and says in one sentence if not."""

from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import OperationalError, connection


def database_problem() -> str | None:
    """Return the sentence to say when the database cannot be used."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        database = settings.DATABASES["default"]
        place = f"{database['HOST'] or 'the local socket'}:{database['PORT'] or 5432}/{database['NAME']}"
        reason = str(error).strip().splitlines()[-1]
        return f"The database named by DATABASE_URL ({place}) cannot be used: {reason}"
    return None


def redis_trouble() -> str | None:
    """Return the sentence to say when Redis does not answer; everything but background work goes on without it."""
    url = str(settings.REDIS_URL)
    try:
        with redis.Redis.from_url(
            url.replace("redis+socket://", "unix://"), socket_connect_timeout=2, socket_timeout=2
        ) as client:
            client.ping()
    except redis.RedisError:
        address = urlsplit(url)
        place = address.path if address.hostname is None else f"{address.hostname}:{address.port or 6379}"
        return f"Redis ({place}, from REDIS_URL) does not answer: pages work, background work waits until it does."
    return None
