from celery import shared_task
from django.utils import timezone

from core import days
from core.db import partitions


@shared_task
def make_partitions(**_later: object) -> None:
    """Make the months to come, so that no event falls into the default partition."""
    partitions.ensure(days.business_day(timezone.now()))
