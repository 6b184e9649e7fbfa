"""Segments, named filters of customers: their members, saving, changing, deleting.

The filter class is named in settings, since it lives above this app.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from customers.models import Customer, Segment
from customers.models.customer import CustomerQuerySet
from customers.segments import rule
from staff.models import User


def customer_filter() -> Any:
    """Return the filter class that rules of segments are written for (settings.CUSTOMER_FILTER)."""
    return import_string(settings.CUSTOMER_FILTER)


def members(segment: Segment, user: User) -> CustomerQuerySet:
    """Return the customers that match now and that the colleague may see; none when the filter is no longer valid."""
    return among(segment, Customer.objects.visible_to(user).known())


def among(segment: Segment, customers: CustomerQuerySet) -> CustomerQuerySet:
    """Return those of the customers that match now; none when the filter is no longer valid."""
    return matching(segment.query, customers)


def matching(
    query: Mapping[str, Any], customers: CustomerQuerySet, *, closed_on: date | None = None
) -> CustomerQuerySet:
    """Return those of the customers that a filter selects; none when it is not valid.

    `closed_on`: with scores and counts as known at the close of that day, and all else as it stands.
    """
    selected: CustomerQuerySet = customer_filter()(
        query, queryset=customers, closed_on=closed_on, is_forgiving=False
    ).qs
    return selected


def asks_for_scores(segment: Segment) -> list[str]:
    """Name the filters on scores: such a segment cannot choose who is scored how."""
    # A score must not choose the model that computes it (decision 12).
    return sorted({*(set(segment.query) & set(customer_filter().of_scores)), *_conditions_on_scores(segment)})


def _conditions_on_scores(segment: Segment) -> list[str]:
    try:
        return rule.parse(text).of_scores() if (text := segment.query.get(rule.PARAMETER)) else []
    except ValidationError:
        return []  # such a rule finds nobody


def same(segments: Iterable[Segment], query: Mapping[str, Any]) -> Segment | None:
    """Return the first segment of exactly this query. The stage `all` says outright what no stage means."""
    wanted = _without_all(query)
    return next((segment for segment in segments if _without_all(segment.query) == wanted), None)


def _without_all(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if (name, value) != ("stage", "all")}


def save(name: str, query: Mapping[str, Any], *, by: User, is_shared: bool, now: datetime) -> Segment:
    """Save a filter under a name; a segment of theirs with that name gets the new filter."""
    values = {"query": dict(query), "is_shared": is_shared, "filter_since": now}
    return Segment.objects.update_or_create(
        owner=by, name=name, defaults=values, create_defaults={**values, "created_at": now}
    )[0]


def change(
    segment: Segment,
    *,
    now: datetime,
    name: str | None = None,
    is_shared: bool | None = None,
    query: Mapping[str, Any] | None = None,
) -> None:
    """Rename, share, stop sharing or change the filter. None leaves a value as it is.

    Raises IntegrityError when its owner has another segment of that name.
    """
    given = {"name": name, "is_shared": is_shared, "query": query if query is None else dict(query)}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if "query" in changes and changes["query"] != segment.query:
        changes["filter_since"] = now
    for field, value in changes.items():
        setattr(segment, field, value)
    with transaction.atomic():  # so that a name refused does not end the caller's transaction
        segment.save(update_fields=[*changes])


class InUse(Exception):
    """A segment that something else uses, such as a scoring model; the message says what to do."""


def delete(segment: Segment) -> None:
    """Delete a segment. Raises InUse while something protects it."""
    try:
        segment.delete()
    except ProtectedError as refusal:
        named = ", ".join(sorted(str(row) for row in refusal.protected_objects)[:3])
        raise InUse(
            _("“%(segment)s” cannot be deleted: %(used)s uses it.") % {"segment": segment, "used": named}
        ) from None
