"""Task ids in log lines, and request ids passed along to the tasks a request sends: Celery's signals.

Apart from `ids`, because the web server has no use for Celery and its thirty megabytes.
"""

import logging.config
from contextvars import Token
from typing import Any

from celery import signals
from django.conf import settings

from engagement_site.logs import ids

TASK_HEADER = "request_id"
_tokens: dict[str, Token[dict[str, str]]] = {}  # of the tasks that run in this process, by task id


@signals.setup_logging.connect
def use_our_configuration(**_other: Any) -> None:
    """Keep Celery from adding handlers and formats of its own."""
    logging.config.dictConfig(settings.LOGGING)


@signals.before_task_publish.connect
def send_along(headers: dict[str, Any], **_other: Any) -> None:
    if own := ids.request_id():
        headers[TASK_HEADER] = own


@signals.task_prerun.connect
def begin_task(task_id: str, task: Any, **_other: Any) -> None:
    # Celery copies unknown headers onto the request, except for tasks that are run eagerly.
    sender = getattr(task.request, TASK_HEADER, None) or (task.request.headers or {}).get(TASK_HEADER)
    inherited = {"request_id": sender} if isinstance(sender, str) else {}
    _tokens[task_id] = ids.begin(**inherited, task=task.name, task_id=task_id)


@signals.task_postrun.connect
def end_task(task_id: str, **_other: Any) -> None:
    if token := _tokens.pop(task_id, None):
        ids.end(token)
