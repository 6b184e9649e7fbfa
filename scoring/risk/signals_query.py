"""Reading the signals of many customers at once, judged by the version that scored each of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, DecimalField, F, Max, Min, Sum, Value

from core import days
from customers.models import Customer
from events.models import Channel, CountNow, Event
from scoring.risk.signals import ABOUT_SOMEBODY, HABIT_DAYS, TROUBLE_DAYS, Habit, Signals, Trouble

POINTS = DecimalField(max_digits=6, decimal_places=2)  # as a weight has them


def load(customers: Iterable[Customer], *, today: date) -> dict[int, Signals]:
    """Return customer → signals, of those who have a score; their `score` must be loaded.

    One query, one more where an event is about somebody.
    """
    scores = {customer.pk: getattr(customer, "score", None) for customer in customers}
    habits, troubles = _habits_and_troubles(list(scores), today)
    return {
        pk: Signals(
            engagement=score.engagement,
            engagement_before=score.engagement_before,
            engagement_band=score.engagement_band,
            health=score.health,
            health_before=score.health_before,
            health_band=score.health_band,
            quiet_days=None if score.last_active_on is None else (today - score.last_active_on).days,
            habits=habits[pk],
            troubles=troubles[pk],
        )
        for pk, score in scores.items()
        if score is not None
    }


def _habits_and_troubles(
    customers: list[int], today: date
) -> tuple[dict[int, dict[Channel, Habit]], dict[int, list[Trouble]]]:
    """Return both by customer, read in one statement."""
    habits: dict[int, dict[Channel, Habit]] = defaultdict(dict)
    troubles: dict[int, list[Trouble]] = defaultdict(list)
    rows = list(_habit_rows(customers, today).union(_trouble_rows(customers, today), all=True))
    people = _people({customer for customer, name, *_ in rows if name in ABOUT_SOMEBODY}, today)
    for customer, name, first, last, number, points in rows:
        if points is None:
            habits[customer][Channel(name)] = Habit.between(first, last, number, today=today)
        else:
            person = people.get((customer, name), "")
            troubles[customer].append(Trouble(name, int(number), -points * number, last, person))
    return habits, troubles


def _habit_rows(customers: list[int], today: date):  # type: ignore[no-untyped-def] # a queryset of tuples
    """Ask per customer and channel for the first and last active day and the number of active days."""
    since = today - timedelta(days=HABIT_DAYS)
    counts = CountNow.objects.filter(customer__in=customers, day__range=(since, today), event_type__is_activity=True)
    return (
        counts.values("customer_id", name=F("event_type__channel"))
        .annotate(first=Min("day"), last=Max("day"), number=Count("day", distinct=True), points=Value(None, POINTS))
        .values_list("customer_id", "name", "first", "last", "number", "points")
    )


def _trouble_rows(customers: list[int], today: date):  # type: ignore[no-untyped-def] # a queryset of tuples
    """Ask for events that cost points, by the version that each customer's score names.

    The stored score and not the published models chooses the version: it is one join for any number of customers, it
    is the version the bands beside the reasons come from, and a segment's model never counts for others.
    """
    counts = CountNow.objects.filter(
        customer__in=customers,
        day__range=(_first_day(today), today),
        event_type__weights__model=F("customer__score__model"),
        event_type__weights__points__lt=0,
    )
    return (
        counts.values("customer_id", name=F("event_type__name"), points=F("event_type__weights__points"))
        .annotate(first=Min("day"), last=Max("day"), number=Sum("count"))
        .values_list("customer_id", "name", "first", "last", "number", "points")
    )


def _people(customers: set[int], today: date) -> dict[tuple[int, str], str]:
    """Return (customer, event type) → whom the newest event is about. One query; none without customers.

    A contact that is linked says it better than a name in the properties, which some senders give instead.
    """
    if not customers:
        return {}
    rows = _about_somebody(customers, _first_day(today)).values_list("customer_id", "event_type__name", *_NAMES)
    return {
        (customer, event_type): str(name or email or named or "") for customer, event_type, name, email, named in rows
    }


def departed(customer: Customer, *, since: date) -> set[str]:
    """Return the names and addresses, in small letters, of those who left a customer since a day. One query."""
    rows = _about_somebody({customer.pk}, since).values_list(*_NAMES)
    return {str(name).casefold() for row in rows for name in row if name}


_NAMES = ("contact__name", "contact__email", "properties__name")


def _about_somebody(customers: set[int], since: date):  # type: ignore[no-untyped-def] # a queryset
    events = Event.objects.counted().filter(customer__in=customers, event_type__name__in=ABOUT_SOMEBODY)
    return events.filter(occurred_at__gte=days.start(since)).order_by("occurred_at", "id")


def _first_day(today: date) -> date:
    return today - timedelta(days=TROUBLE_DAYS - 1)
