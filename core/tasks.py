from celery import shared_task
from django.utils import timezone

from core import answers, runs


@shared_task
def note_beat(**_later: object) -> None:
    """Leave a trace in PostgreSQL that beat rang, Redis carried it and a worker heard: progress, not mere liveness."""
    runs.mark("beat", now=timezone.now())


@shared_task
def forget_answers(**_later: object) -> None:
    """Drop what the API remembers of writes that nobody will send again."""
    answers.forget(now=timezone.now())
