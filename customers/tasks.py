from celery import shared_task
from django.utils import timezone

from core.jobs import waking
from customers import contact_counts
from customers.consent import settling
from customers.people import shared

ROUNDS = 20  # parts of the contacts; then another task may have the worker


@shared_task
def note_contacts(**_later: object) -> None:
    """Note how many contacts customers have, once a day."""
    contact_counts.note(now=timezone.now())


@shared_task
def settle_consent(**_later: object) -> None:
    """Let contacts say what their addresses refuse, once an hour."""
    settling.note(now=timezone.now())


@shared_task
def find_shared_ids(**_later: object) -> None:
    """Look for ids that several people seem to share, once a day, some thousands of contacts at a time."""
    for _ in range(ROUNDS):
        if not shared.look(now=timezone.now()):
            return
    waking.wake(find_shared_ids.name)
