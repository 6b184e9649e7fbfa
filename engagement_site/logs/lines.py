"""How a record becomes a line."""

import json
import logging
from datetime import UTC, datetime

from engagement_site.logs import about
from engagement_site.logs.redaction import redacted


class Plain(logging.Formatter):
    """For a person at a terminal."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        request_id = about.current(record).get("request_id")
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
            **about.current(record),
        }
        for name, value in getattr(record, "details", {}).items():
            line[name] = redacted(value) if isinstance(value, str) else value
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redacted(record.stack_info)
        return json.dumps(line, ensure_ascii=False, default=str)
