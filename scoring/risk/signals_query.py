"""Reading the signals of many customers at once, judged by the version that scored each of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, F, Max, Min, Sum

from customers.models import Customer
from events.models import Channel, DailyCount, Event
from scoring.risk.signals import HABIT_DAYS, TROUBLE_DAYS, Habit, Signals, Trouble

ABOUT_SOMEBODY = ("Champion left",)  # event types whose trouble is told with the person's name


def load(customers: Iterable[Customer], *, today: date) -> dict[int, Signals]:
    """Return customer → signals, of those who have a score; their `score` must be loaded.

    Two queries, one more where an event is about somebody.
    """
    scores = {customer.pk: getattr(customer, "score", None) for customer in customers}
    habits, troubles = _habits(scores, today), _troubles(scores, today)
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


def _habits(customers: Iterable[int], today: date) -> dict[int, dict[Channel, Habit]]:
    since = today - timedelta(days=HABIT_DAYS)
    rows = (
        DailyCount.objects.filter(customer__in=list(customers), day__range=(since, today), event_type__is_activity=True)
        .values_list("customer_id", "event_type__channel")
        .annotate(first=Min("day"), last=Max("day"), days=Count("day", distinct=True))
    )
    habits: dict[int, dict[Channel, Habit]] = defaultdict(dict)
    for customer, channel, first, last, days in rows:
        habits[customer][Channel(channel)] = Habit.between(first, last, days, today=today)
    return habits


def _troubles(customers: Iterable[int], today: date) -> dict[int, list[Trouble]]:
    """Return what went wrong, by the points of the version that each customer's score names.

    The stored score and not the published models chooses the version: it is one join for any number of customers, it
    is the version the bands beside the reasons come from, and a segment's model never counts for others.
    """
    rows = list(
        DailyCount.objects.filter(
            customer__in=list(customers),
            day__range=(_first_day(today), today),
            event_type__weights__model=F("customer__score__model"),
            event_type__weights__points__lt=0,
        )
        .values_list("customer_id", "event_type__name", "event_type__weights__points")
        .annotate(count=Sum("count"), last_on=Max("day"))
    )
    people = _people({customer for customer, name, *_ in rows if name in ABOUT_SOMEBODY}, today)
    troubles: dict[int, list[Trouble]] = defaultdict(list)
    for customer, name, points, count, last_on in rows:
        person = people.get((customer, name), "")
        troubles[customer].append(Trouble(name, int(count), -points * count, last_on, person))
    return troubles


def _people(customers: set[int], today: date) -> dict[tuple[int, str], str]:
    """Return (customer, event type) → whom the newest event is about. One query; none without customers.

    A contact that is linked says it better than a name in the properties, which some senders give instead.
    """
    if not customers:
        return {}
    since = datetime.combine(_first_day(today), time.min, UTC)
    events = Event.objects.filter(customer__in=customers, event_type__name__in=ABOUT_SOMEBODY, occurred_at__gte=since)
    rows = events.order_by("occurred_at", "id").values_list(
        "customer_id", "event_type__name", "contact__name", "contact__email", "properties__name"
    )
    return {
        (customer, event_type): str(name or email or named or "") for customer, event_type, name, email, named in rows
    }


def _first_day(today: date) -> date:
    return today - timedelta(days=TROUBLE_DAYS - 1)
