"""The id of a request goes along with the tasks it sends; each task adds its own name and id to its log lines."""

import logging.config
from contextvars import Token
from typing import Any

from celery import signals
from django.conf import settings

from engagement_site.logs import about

HEADER = "request_id"
_tokens: dict[str, Token[dict[str, str]]] = {}  # of the tasks that run in this process, by task id


@signals.setup_logging.connect
def use_our_configuration(**_other: Any) -> None:
    """Keep Celery from adding handlers and formats of its own."""
    logging.config.dictConfig(settings.LOGGING)


@signals.before_task_publish.connect
def send_along(headers: dict[str, Any], **_other: Any) -> None:
    if request_id := about.request_id():
        headers[HEADER] = request_id


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **_other: Any) -> None:
    request_id = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER)
    came_along = {"request_id": request_id} if isinstance(request_id, str) else {}
    _tokens[task_id] = about.begin(**came_along, task=task.name, task_id=task_id)


@signals.task_postrun.connect
def end(task_id: str, **_other: Any) -> None:
    if token := _tokens.pop(task_id, None):
        about.end(token)
