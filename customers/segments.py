"""Segments: named filters of customers, which the list calls saved views. Asking, saving, changing, deleting.

The filter class is named in settings, because a segment's rule is a filter.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from customers.models import Customer, Segment
from customers.models.customer import CustomerQuerySet
from staff.models import User


def members(segment: Segment, user: User) -> CustomerQuerySet:
    """Return the customers that match now and that the colleague may see; nobody when the rule no longer works."""
    customers = Customer.objects.visible_to(user).known()
    found: CustomerQuerySet = import_string(settings.CUSTOMER_FILTER)(segment.query, queryset=customers).found
    return found


def same(segments: Iterable[Segment], query: Mapping[str, Any]) -> Segment | None:
    """Return the first segment that asks exactly this."""
    return next((segment for segment in segments if segment.query == query), None)


def save(name: str, query: Mapping[str, Any], *, is_shared: bool, owner: User, now: datetime) -> Segment:
    """Keep a filter under a name; the colleague's own segment of that name takes on the new filter."""
    said = {"query": dict(query), "is_shared": is_shared}
    return Segment.objects.update_or_create(
        owner=owner, name=name, defaults=said, create_defaults={**said, "created_at": now}
    )[0]


def change(segment: Segment, *, name: str, is_shared: bool) -> None:
    """Rename, share or stop sharing. Raises IntegrityError when its owner has another segment of that name."""
    segment.name, segment.is_shared = name, is_shared
    segment.save(update_fields=["name", "is_shared"])


def delete(segment: Segment) -> None:
    segment.delete()
