"""Who was in each segment at the close of each day: written in the close's transactions, and never recomputed.

A filter asks what then stands (fields, tags, contacts, contracts), and scores and counts as known on the day. The first
of these is nowhere kept by day, so a day that was missed stays unknown.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError, transaction
from django.db.models import Q

from core import days
from customers import segments
from customers.models import Customer, Segment, SegmentDay, SegmentMember

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Before:
    """What is kept of one segment's customers: who was in it the day before, and what this day wrote already."""

    members: set[int]
    entered: set[int]
    left: set[int]


def write(day: date, customers: Sequence[int]) -> None:
    """Write one closed day of these customers. Call inside the transaction of the close.

    Written again (by another worker, after the first one died), the day becomes what the filter then finds. A day that
    comes after a later one was written is left out, since runs of days are kept. One query, and six to ten for each
    segment.
    """
    if not customers:
        return
    for segment in list(Segment.objects.order_by("pk")):
        try:
            with transaction.atomic():
                _write(segment, day, customers)
        except DatabaseError:
            # No filter of a colleague's may keep a day from being closed. Its day stays unknown.
            log.exception("segment %s is not written for %s", segment.pk, day)


def _write(segment: Segment, day: date, customers: Sequence[int]) -> None:
    if _begin(segment, day):
        found = segments.matching(segment.query, Customer.objects.filter(pk__in=customers).known(), closed_on=day)
        _keep(segment, day, set(found.order_by().values_list("pk", flat=True)), _before(segment, day, customers))


def write_gone(day: date, first: int, last: int) -> None:
    """Let those leave every segment who are no longer known: merged, deleted. Of ids from `first` to `last`."""
    open_rows = SegmentMember.objects.filter(customer__gte=first, customer__lte=last, left_on=None, entered_on__lt=day)
    known = Customer.objects.known().filter(pk__range=(first, last))
    open_rows.exclude(customer__in=known.values("pk")).update(left_on=day)


def _begin(segment: Segment, day: date) -> bool:
    """Note that the segment's day is written; False when a later one was."""
    rows = SegmentDay.objects.filter(segment=segment)
    if rows.filter(day__gt=day).exists():
        return False
    since = segment.filter_since or segment.created_at
    is_start = not rows.filter(day__lt=day, day__gte=days.business_day(since)).exists()
    # The first of the shards writes it; the others find it there.
    SegmentDay.objects.bulk_create([SegmentDay(segment=segment, day=day, is_start=is_start)], ignore_conflicts=True)
    return True


def _before(segment: Segment, day: date, customers: Sequence[int]) -> _Before:
    rows = SegmentMember.objects.filter(segment=segment, customer__in=customers)
    before = _Before(set(), set(), set())
    for customer, entered_on, left_on in rows.filter(Q(left_on=None) | Q(left_on__gte=day)).values_list(
        "customer", "entered_on", "left_on"
    ):
        if entered_on == day:
            before.entered.add(customer)
        else:
            before.members.add(customer)
            if left_on == day:
                before.left.add(customer)
    return before


def _keep(segment: Segment, day: date, members: set[int], before: _Before) -> None:
    """Bring the rows to what was found."""
    rows = SegmentMember.objects.filter(segment=segment)
    if back := before.left & members:
        rows.filter(customer__in=back, left_on=day).update(left_on=None)
    if gone := before.members - members - before.left:
        rows.filter(customer__in=gone, left_on=None).update(left_on=day)
    if not_after_all := before.entered - members:
        rows.filter(customer__in=not_after_all, entered_on=day).delete()
    new = members - before.members - before.entered
    SegmentMember.objects.bulk_create(_entering(segment, day, new), ignore_conflicts=True)


def _entering(segment: Segment, day: date, customers: Iterable[int]) -> list[SegmentMember]:
    return [SegmentMember(customer_id=customer, segment=segment, entered_on=day) for customer in sorted(customers)]
