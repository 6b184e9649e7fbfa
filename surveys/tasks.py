from celery import shared_task
from django.utils import timezone

from surveys import lifecycle
from surveys.sending import dispatch, reminders


@shared_task
def ask(**_later: object) -> None:
    """Invite contacts who are due, remind once, and close surveys past their last day."""
    now = timezone.now()
    lifecycle.close_what_is_over(now=now)
    dispatch.go_on(now=now)
    reminders.go_on(now=now)
