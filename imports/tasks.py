"""Tasks that wake the worker. What waits is rows, so a task that comes twice or late does no harm."""

from celery import shared_task
from django.utils import timezone

from imports import lifecycle
from imports.jobs import work


@shared_task
def go_on(**_later: object) -> None:
    work.go_on(clock=timezone.now)


@shared_task
def forget_old(**_later: object) -> None:
    """Delete what the files of a month ago still hold."""
    lifecycle.forget_old(now=timezone.now())
