"""What `scoring.risk.wording` needs to know of a page of customers, gathered in two queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Sum

from customers.models import Customer
from events.models import Channel, DailyCount
from scoring.models import CurrentScore, Status
from scoring.risk.wording import RECENT, Habit, Signs, Trouble, sentences

LOOK_BACK = 180  # days of counts from which a channel's habit is read


def reasons_of(customers: Iterable[Customer], *, today: date) -> dict[int, list[str]]:
    """Return the reasons of each customer, by id. Their `score` must be loaded. Two queries."""
    rows = {customer.pk: getattr(customer, "score", None) for customer in customers}
    habits, troubles = _habits(rows, today), _recent_troubles(rows, today)
    return {
        pk: sentences(_signs(score, habits[pk], troubles[pk], today)) if score is not None else []
        for pk, score in rows.items()
    }


def _signs(score: CurrentScore, habits: dict[Channel, Habit], troubles: list[Trouble], today: date) -> Signs:
    return Signs(
        engagement=score.engagement,
        engagement_before=score.engagement_before,
        engagement_band=score.engagement_band,
        health=score.health,
        health_before=score.health_before,
        health_band=score.health_band,
        quiet_days=None if score.last_active_on is None else (today - score.last_active_on).days,
        habits=habits,
        troubles=troubles,
    )


def _habits(customers: Iterable[int], today: date) -> dict[int, dict[Channel, Habit]]:
    since = today - timedelta(days=LOOK_BACK)
    rows = (
        DailyCount.objects.filter(customer__in=list(customers), day__range=(since, today), event_type__is_activity=True)
        .values_list("customer_id", "event_type__channel")
        .annotate(first=Min("day"), last=Max("day"), days=Count("day", distinct=True))
    )
    habits: dict[int, dict[Channel, Habit]] = defaultdict(dict)
    for customer, channel, first, last, days in rows:
        gap = max(1, round((last - first).days / (days - 1))) if days > 1 else 0
        habits[customer][Channel(channel)] = Habit(silence=(today - last).days, gap=gap, days=days)
    return habits


def _recent_troubles(customers: Iterable[int], today: date) -> dict[int, list[Trouble]]:
    rows = (
        DailyCount.objects.filter(
            customer__in=list(customers),
            day__range=(today - timedelta(days=RECENT - 1), today),
            event_type__weights__model__status=Status.PUBLISHED,
            event_type__weights__points__lt=0,
        )
        .values_list("customer_id", "event_type__name", "event_type__weights__points")
        .annotate(count=Sum("count"))
    )
    troubles: dict[int, list[Trouble]] = defaultdict(list)
    for customer, name, points, count in rows:
        troubles[customer].append(Trouble(name, int(count), -points * count))
    return troubles
