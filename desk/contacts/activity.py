"""When contacts were active, by the days counted for them. Of a year at most: further would open every partition."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery, Sum

from core.web.charts.scale import Scale
from customers.models import Contact
from customers.models.contact import ContactQuerySet
from events.models import ActiveDay, ActiveNow

LOOK_BACK = 365  # days
SHOWN = 90  # days in the chart
WIDTH, HEIGHT = 720, 72  # of the chart, in its own units
STEP = WIDTH // SHOWN
LEAST = 4  # units: one event beside a day of a hundred must still be seen


def first_day(today: date) -> date:
    """Return the first day that is looked at."""
    return today - timedelta(days=LOOK_BACK)


def with_last_active(contacts: ContactQuerySet, today: date) -> ContactQuerySet:
    """Annotate `last_active_on`: the last day of the past year on which they were active at their present customer."""
    days = ActiveNow.objects.filter(customer=OuterRef("customer"), contact=OuterRef("pk"))
    last = days.filter(day__gte=first_day(today)).order_by("-day").values("day")[:1]
    return contacts.annotate(last_active_on=Subquery(last))


def active_since(day: date) -> Subquery:
    """Return an active day of a contact at its present customer, on that day or later; null when there is none.

    Not EXISTS: PostgreSQL would join it, and group the active days of all contacts to show fifty.
    """
    days = ActiveNow.objects.filter(customer=OuterRef("customer"), contact=OuterRef("pk"), day__gte=day)
    return Subquery(days.values("day")[:1])


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the chart on which something happened: where it stands and how high, in whole units of the chart."""

    day: date
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Activity:
    """What a contact did of what counts as activity, at the customers that were asked for."""

    days: Mapping[int, Sequence[date]]  # customer → the active days of the past year, the latest first
    bars: Sequence[Bar]  # of the last 90 days, the oldest first
    first: date  # of those 90
    count: int  # of events in them

    @property
    def last_active_on(self) -> date | None:
        return max((days[0] for days in self.days.values()), default=None)

    @property
    def lately_at(self) -> int | None:
        """The customer of the last active day."""
        return max(self.days, key=lambda customer: self.days[customer][0], default=None)


def load_activity(contact: Contact, customers: Collection[int], today: date) -> Activity:
    """Return what the contact did at these customers. One query, of at most a row for each customer and day."""
    days = ActiveDay.objects.filter(customer__in=customers, contact=contact, day__range=(first_day(today), today))
    # Of the table, because the view of active days knows no numbers.
    counted = days.values("customer", "day").annotate(n=Sum("count")).filter(n__gt=0).order_by("-day", "customer")
    active: dict[int, list[date]] = {}
    by_day: dict[date, int] = {}
    for customer, day, n in counted.values_list("customer", "day", "n"):
        active.setdefault(customer, []).append(day)
        by_day[day] = by_day.get(day, 0) + int(n)
    first = today - timedelta(days=SHOWN - 1)
    lately = {day: n for day, n in by_day.items() if day >= first}
    return Activity(active, bars(lately, first), first, sum(lately.values()))


def bars(by_day: Mapping[date, int], first: date) -> list[Bar]:
    """Return a bar for each day from the first on that has a number, in order."""
    upwards = Scale(0, max(by_day.values(), default=1), 0, HEIGHT, digits=0)
    heights = {day: max(int(upwards.place(n)), LEAST) for day, n in by_day.items()}
    return [
        Bar(day, by_day[day], (day - first).days * STEP, HEIGHT - heights[day], heights[day]) for day in sorted(by_day)
    ]
