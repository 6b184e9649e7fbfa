"""A segment over time, from the runs of days its members are kept as: sizes, who entered, who left."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from core import days
from customers.models import Customer, Segment, SegmentDay, SegmentMember
from customers.models.customer import CustomerQuerySet
from staff.models import User


@dataclass(frozen=True, slots=True)
class DayOfSegment:
    """A closed day. `entered` and `left` are None on a first day under a filter, when nobody did either."""

    day: date
    size: int
    entered: int | None
    left: int | None

    @property
    def is_start(self) -> bool:
        return self.entered is None


def load(segment: Segment, user: User, first: date, last: date) -> list[DayOfSegment]:
    """Return the days that are written, in order, counting the customers the colleague may see. Four queries."""
    written = SegmentDay.objects.filter(segment=segment, day__range=(first, last)).order_by("day")
    starts = dict(written.values_list("day", "is_start"))
    members = _members(segment, user)
    size = members.filter(Q(left_on=None) | Q(left_on__gte=first), entered_on__lt=first).count()
    entered, left = (_by_day(members, field, first, last) for field in ("entered_on", "left_on"))
    found = []
    for offset in range((last - first).days + 1):
        day = first + offset * days.ONE_DAY
        size += entered[day] - left[day]
        if day in starts:
            moved = (None, None) if starts[day] else (entered[day], left[day])
            found.append(DayOfSegment(day, size, *moved))
    return found


def entered(segment: Segment, user: User, day: date) -> CustomerQuerySet:
    """Return whom the colleague may see of those who entered on a day; nobody on a first day."""
    return _who(segment, user, day, "entered_on")


def left(segment: Segment, user: User, day: date) -> CustomerQuerySet:
    return _who(segment, user, day, "left_on")


def last_day(segment: Segment) -> date | None:
    return SegmentDay.objects.filter(segment=segment).order_by("-day").values_list("day", flat=True).first()


def members_on(segment: Segment, user: User, day: date) -> CustomerQuerySet:
    """Return whom the colleague may see of those who were in it at the close of a day."""
    rows = SegmentMember.objects.filter(Q(left_on=None) | Q(left_on__gt=day), segment=segment, entered_on__lte=day)
    return Customer.objects.visible_to(user).filter(pk__in=rows.values("customer"))


def _who(segment: Segment, user: User, day: date, field: str) -> CustomerQuerySet:
    visible = Customer.objects.visible_to(user)
    if not SegmentDay.objects.filter(segment=segment, day=day, is_start=False).exists():
        return visible.none()
    return visible.filter(pk__in=SegmentMember.objects.filter(segment=segment, **{field: day}).values("customer"))


def _members(segment: Segment, user: User) -> "QuerySet[SegmentMember]":
    return SegmentMember.objects.filter(segment=segment, customer__in=Customer.objects.visible_to(user).values("pk"))


def _by_day(members: "QuerySet[SegmentMember]", field: str, first: date, last: date) -> Counter[date]:
    rows = members.filter(**{f"{field}__range": (first, last)})
    return Counter(dict(rows.order_by().values_list(field).annotate(Count("customer"))))
