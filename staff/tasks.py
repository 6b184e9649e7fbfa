from celery import shared_task
from django.utils import timezone

from staff import guesses
from staff.signing_in import attempts


@shared_task
def forget_guesses(**_later: object) -> None:
    """Drop counts of wrong keys from minutes that are over, and of wrong passwords from days that are."""
    now = timezone.now()
    guesses.forget(now=now)
    attempts.forget(now=now)
