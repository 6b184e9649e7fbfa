"""A Redis that is down is said once a minute: beat and workers try again every few seconds, each with a traceback."""

import logging
import time

import redis
from kombu.exceptions import OperationalError

PAUSE = 60.0  # seconds
_GONE = (OperationalError, redis.ConnectionError, redis.TimeoutError, OSError)


class RedisIsGone(logging.Filter):
    """Lets one line a minute through about a broker that does not answer, without the traceback; all else as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at: float | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        why = next((one for one in arguments if isinstance(one, _GONE)), None)
        if why is None:
            return True
        now = time.monotonic()
        if self._said_at is not None and now - self._said_at < PAUSE:
            return False
        self._said_at = now
        record.msg, record.args = (
            "Redis does not answer (%s); tried again every few seconds, said once a minute",
            (why,),
        )
        record.exc_info = record.exc_text = None
        return True
