from celery import shared_task
from django.utils import timezone

from staff import guesses


@shared_task
def forget_guesses(**_later: object) -> None:
    """Drop counts of wrong keys from minutes that are over."""
    guesses.forget(now=timezone.now())
