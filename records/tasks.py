from celery import shared_task
from django.utils import timezone

from records import invoices


@shared_task
def note_overdue(**_later: object) -> None:
    """Note what time alone made overdue, once a day."""
    invoices.note_overdue(now=timezone.now())
