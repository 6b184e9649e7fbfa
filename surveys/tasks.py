from celery import shared_task
from django.utils import timezone

from surveys import asking, making, reminding


@shared_task
def ask(**_later: object) -> None:
    """Invite whoever is due, remind once, and close what is over."""
    now = timezone.now()
    making.close_what_is_over(now=now)
    asking.go_on(now=now)
    reminding.go_on(now=now)
