"""How a record becomes a line: as text or JSON, without keys and tokens, and a lost Redis once a minute."""

import json
import logging
import re
import time
from datetime import UTC, datetime

import redis

from engagement_site.logs import ids

# Django logs paths, libraries log addresses: two shapes are known, our API keys, wherever they stand, and the long last
# parts of public links. Queries go altogether, because write keys may come in them.
_OUR_KEY = re.compile(r"(rapport_[A-Za-z0-9]{8})_[A-Za-z0-9]{8,}")
_AUTHORIZATION = re.compile(r"\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE)
_PASSWORD = re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]*=[^\s\"'<>]*")
_LONG_PART = re.compile(r"(?<=/)[A-Za-z0-9_%-]{20,}(?=[/?#\s\"'),]|\.ics\b|$)")

PAUSE = 60.0  # seconds
_GONE = (redis.ConnectionError, redis.TimeoutError, OSError)


class Plain(logging.Formatter):
    """For a person at a terminal."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        request_id = ids.current(record).get("request_id")
        return redacted(super().format(record) + (f" [{request_id}]" if request_id else ""))


class Json(logging.Formatter):
    """For a machine that collects: one JSON object a line.

    Only what a caller puts into `extra={"details": {...}}` is added. Other libraries' extras are left out: Django's
    hold the request, Celery's a task's arguments.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **ids.current(record),
        }
        for name, value in getattr(record, "details", {}).items():
            line[name] = redacted(value) if isinstance(value, str) else value
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redacted(record.stack_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def redacted(text: str) -> str:
    """Return the text without keys, passwords in addresses, queries, and path parts of 20 characters and more."""
    text = _OUR_KEY.sub(r"\1_…", text)
    text = _AUTHORIZATION.sub(r"\1 …", text)
    text = _PASSWORD.sub(r"\1:…@", text)
    text = _QUERY.sub("?…", text)
    return _LONG_PART.sub("…", text)


class RedisIsGone(logging.Filter):
    """Lets one line a minute through about a broker that does not answer, without the traceback; all else as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._logged_at: float | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        why = next((argument for argument in arguments if _is_gone(argument)), None)
        if why is None:
            return True
        now = time.monotonic()
        if self._logged_at is not None and now - self._logged_at < PAUSE:
            return False
        self._logged_at = now
        record.msg, record.args = (
            "Redis does not answer (%s); tried again every few seconds, logged once a minute",
            (why,),
        )
        record.exc_info = record.exc_text = None
        return True


def _is_gone(argument: object) -> bool:
    """Tell whether it is the error of a broker that does not answer; Celery's own by its name, for not loading it."""
    kind = type(argument)
    return isinstance(argument, _GONE) or (kind.__name__, kind.__module__) == ("OperationalError", "kombu.exceptions")
