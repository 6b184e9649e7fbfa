from celery import shared_task
from django.utils import timezone

from customers import contact_counts


@shared_task
def note_contacts(**_later: object) -> None:
    """Note how many contacts customers have, once a day."""
    contact_counts.note(now=timezone.now())
